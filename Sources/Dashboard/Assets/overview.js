import { announce } from "./api.js";

announce("");
