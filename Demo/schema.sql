-- WordPress's tables as the SQLite Database Integration plugin lays them out: integers that count
-- up, text that compares without case, and a table that remembers the MySQL types.
CREATE TABLE "wp_posts" (
  "ID" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  "post_author" integer NOT NULL DEFAULT '0',
  "post_date" text NOT NULL DEFAULT '0000-00-00 00:00:00' COLLATE NOCASE,
  "post_date_gmt" text NOT NULL DEFAULT '0000-00-00 00:00:00' COLLATE NOCASE,
  "post_content" text NOT NULL COLLATE NOCASE,
  "post_title" text NOT NULL COLLATE NOCASE,
  "post_excerpt" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "post_status" text NOT NULL DEFAULT 'publish' COLLATE NOCASE,
  "comment_status" text NOT NULL DEFAULT 'open' COLLATE NOCASE,
  "ping_status" text NOT NULL DEFAULT 'open' COLLATE NOCASE,
  "post_password" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "post_name" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "to_ping" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "pinged" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "post_modified" text NOT NULL DEFAULT '0000-00-00 00:00:00' COLLATE NOCASE,
  "post_modified_gmt" text NOT NULL DEFAULT '0000-00-00 00:00:00' COLLATE NOCASE,
  "post_content_filtered" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "post_parent" integer NOT NULL DEFAULT '0',
  "guid" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "menu_order" integer NOT NULL DEFAULT '0',
  "post_type" text NOT NULL DEFAULT 'post' COLLATE NOCASE,
  "post_mime_type" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "comment_count" integer NOT NULL DEFAULT '0'
);
CREATE INDEX "wp_posts__post_name" ON "wp_posts" ("post_name");
CREATE INDEX "wp_posts__type_status_date" ON "wp_posts" ("post_type", "post_status", "post_date", "ID");

CREATE TABLE "wp_postmeta" (
  "meta_id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  "post_id" integer NOT NULL DEFAULT '0',
  "meta_key" text DEFAULT NULL COLLATE NOCASE,
  "meta_value" text DEFAULT NULL COLLATE NOCASE
);
CREATE INDEX "wp_postmeta__post_id" ON "wp_postmeta" ("post_id");
CREATE INDEX "wp_postmeta__meta_key" ON "wp_postmeta" ("meta_key");

CREATE TABLE "wp_options" (
  "option_id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  "option_name" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "option_value" text NOT NULL COLLATE NOCASE,
  "autoload" text NOT NULL DEFAULT 'yes' COLLATE NOCASE
);
CREATE UNIQUE INDEX "wp_options__option_name" ON "wp_options" ("option_name");

CREATE TABLE "wp_comments" (
  "comment_ID" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  "comment_post_ID" integer NOT NULL DEFAULT '0',
  "comment_author" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "comment_date" text NOT NULL DEFAULT '0000-00-00 00:00:00' COLLATE NOCASE,
  "comment_content" text NOT NULL COLLATE NOCASE,
  "comment_approved" text NOT NULL DEFAULT '1' COLLATE NOCASE
);

CREATE TABLE "wp_terms" (
  "term_id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  "name" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "slug" text NOT NULL DEFAULT '' COLLATE NOCASE
);

CREATE TABLE "wp_termmeta" (
  "meta_id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  "term_id" integer NOT NULL DEFAULT '0',
  "meta_key" text DEFAULT NULL COLLATE NOCASE,
  "meta_value" text DEFAULT NULL COLLATE NOCASE
);

CREATE TABLE "wp_users" (
  "ID" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  "user_login" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "user_email" text NOT NULL DEFAULT '' COLLATE NOCASE,
  "display_name" text NOT NULL DEFAULT '' COLLATE NOCASE
);

CREATE TABLE "wp_usermeta" (
  "umeta_id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  "user_id" integer NOT NULL DEFAULT '0',
  "meta_key" text DEFAULT NULL COLLATE NOCASE,
  "meta_value" text DEFAULT NULL COLLATE NOCASE
);

-- A plugin's table, with a key of its own kind.
CREATE TABLE "wp_tours" (
  "slug" text NOT NULL COLLATE NOCASE,
  "day" integer NOT NULL,
  "photo" text NOT NULL COLLATE NOCASE,
  PRIMARY KEY ("slug", "day")
);

CREATE TABLE "_mysql_data_types_cache" (
  "table" text NOT NULL,
  "column_or_index" text NOT NULL,
  "mysql_type" text NOT NULL,
  PRIMARY KEY ("table", "column_or_index")
);
INSERT INTO "_mysql_data_types_cache" VALUES
  ('wp_posts', 'ID', 'bigint(20) unsigned'), ('wp_posts', 'post_content', 'longtext'),
  ('wp_postmeta', 'meta_value', 'longtext'), ('wp_options', 'option_value', 'longtext'),
  ('wp_options', 'option_name', 'varchar(191)'), ('wp_tours', 'photo', 'text');
