/* Swift calls the `_8` symbols directly: the width-less names are macros it cannot see. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
