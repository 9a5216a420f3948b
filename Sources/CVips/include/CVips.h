#pragma once
#include <stddef.h>
#include <stdint.h>

/* libvips as the picture worker uses it, found at run time: only the worker's process ever maps an
   image parser, and the program starts without libvips where nobody prepares pictures. */

/* What the header of a picture says. */
typedef struct {
    int width;       /* As stored, before it is turned. */
    int height;
    int orientation; /* EXIF, 1 to 8. */
    int pages;       /* Frames of an animation; 1 for a still. */
    int has_alpha;
    int needs_profile; /* Its colours mean something else than sRGB. */
} CVipsHeader;

/* Loads the library and lets it decode nothing but the formats that are allowed below.
   0, or -1 where it is missing or too old. */
int CVips_start(void);
/* Lets it decode a format; `loader` is the name of a class, such as "VipsForeignLoadJpeg". */
void CVips_allow(const char *loader);
/* Which of its classes would decode these bytes; NULL for none. */
const char *CVips_loader(const void *bytes, size_t count);
/* Reads a header without decoding pixels; 0, or -1. */
int CVips_header(const void *bytes, size_t count, CVipsHeader *header);
/* Decodes once, at the smallest scale that is enough: turned upright, sRGB of 8 bits, 3 or 4 bands,
   never enlarged. A JPEG is decoded at 1/`jpeg_shrink` (1, 2, 4 or 8); 0 for other formats.
   0, or -1; the pixels are to be given back to CVips_free. */
int CVips_thumbnail(
    const void *bytes, size_t count, int edge, int jpeg_shrink, int needs_profile, uint8_t **pixels, int *width,
    int *height, int *bands);
/* A JPEG of bare pixels, which can hold nothing that was not in them; 0, or -1. */
int CVips_jpeg(
    const uint8_t *pixels, int width, int height, int bands, int quality, uint8_t **jpeg, size_t *count);
/* Gives memory back. */
void CVips_free(void *memory);
/* What went wrong last, in the library's words; emptied by asking. */
const char *CVips_error(void);
