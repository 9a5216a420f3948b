#pragma once
#include <stddef.h>
#include <stdint.h>

/* gexiv2 as the picture worker uses it, found at run time (see CVips.h). */

typedef struct CGExiv2Metadata CGExiv2Metadata;

/* Loads the library; 0, or -1 where it is missing. */
int CGExiv2_start(void);
/* Reads what a file says of itself; NULL where it cannot be read. To be closed. */
CGExiv2Metadata *CGExiv2_open(const uint8_t *bytes, size_t count);
/* Frees it. */
void CGExiv2_close(CGExiv2Metadata *metadata);
/* The values of a tag, such as "Xmp.dc.subject", ended by NULL; NULL where it is absent. */
char **CGExiv2_values(CGExiv2Metadata *metadata, const char *tag);
/* The value of a tag in one piece; NULL where it is absent. To be given back to CGExiv2_free. */
char *CGExiv2_value(CGExiv2Metadata *metadata, const char *tag);
/* Frees a value. */
void CGExiv2_free(char *value);
/* Frees values. */
void CGExiv2_free_values(char **values);
