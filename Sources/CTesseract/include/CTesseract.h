#pragma once
#include <stdint.h>

/* tesseract as the picture worker uses it, found at run time (see CVips.h). */

typedef struct CTesseractReader CTesseractReader;

/* Loads the library; 0, or -1 where it is missing. */
int CTesseract_start(void);
/* A reader for languages such as "eng" or "deu+eng"; NULL where their data is not installed. */
CTesseractReader *CTesseract_open(const char *languages);
/* Frees a reader. */
void CTesseract_close(CTesseractReader *reader);
/* Called with each word, its confidence from 0 to 100 and whether it is the first of its line. */
typedef void (*CTesseractWord)(void *context, const char *word, float confidence, int starts_line);
/* Reads pixels of 3 bands; 0, or -1. */
int CTesseract_read(
    CTesseractReader *reader, const uint8_t *pixels, int width, int height, CTesseractWord heard, void *context);
