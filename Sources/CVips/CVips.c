#include "CVips.h"
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* The part of the library's interface that is used; the numbers are those of <vips/vips.h>, stable
   within libvips.so.42. */
typedef struct _VipsImage VipsImage;
enum { ACCESS_SEQUENTIAL = 1, SIZE_DOWN = 2, FAIL_ON_ERROR = 2, INTERPRETATION_CMYK = 15, INTERPRETATION_SRGB = 22, FORMAT_UCHAR = 0 };

static struct {
    int (*init)(const char *);
    void (*concurrency_set)(int);
    void (*cache_set_max)(int);
    void (*block_untrusted_set)(int);
    void (*operation_block_set)(const char *, int);
    const char *(*foreign_find_load_buffer)(const void *, size_t);
    VipsImage *(*image_new_from_buffer)(const void *, size_t, const char *, ...);
    VipsImage *(*image_new_from_memory)(const void *, size_t, int, int, int, int);
    int (*image_get_width)(const VipsImage *);
    int (*image_get_height)(const VipsImage *);
    int (*image_get_orientation)(VipsImage *);
    int (*image_get_n_pages)(VipsImage *);
    int (*image_get_bands)(const VipsImage *);
    int (*image_hasalpha)(VipsImage *);
    size_t (*image_get_typeof)(const VipsImage *, const char *);
    int (*image_get_interpretation)(const VipsImage *);
    int (*thumbnail_buffer)(void *, size_t, VipsImage **, int, ...);
    int (*thumbnail_image)(VipsImage *, VipsImage **, int, ...);
    int (*jpegload_buffer)(void *, size_t, VipsImage **, ...);
    int (*colourspace)(VipsImage *, VipsImage **, int, ...);
    void *(*image_write_to_memory)(VipsImage *, size_t *);
    int (*jpegsave_buffer)(VipsImage *, void **, size_t *, ...);
    const char *(*error_buffer)(void);
    void (*error_clear)(void);
    void (*object_unref)(void *);
    void (*free)(void *);
} vips;

int CVips_start(void) {
    void *library = dlopen("libvips.so.42", RTLD_NOW | RTLD_LOCAL);
    if (!library) return -1;
    /* From the same handle: dlsym also looks into what a library is linked with. */
    const struct {
        const char *name;
        void *place;
    } symbols[] = {
        {"vips_init", &vips.init},
        {"vips_concurrency_set", &vips.concurrency_set},
        {"vips_cache_set_max", &vips.cache_set_max},
        {"vips_block_untrusted_set", &vips.block_untrusted_set},
        {"vips_operation_block_set", &vips.operation_block_set},
        {"vips_foreign_find_load_buffer", &vips.foreign_find_load_buffer},
        {"vips_image_new_from_buffer", &vips.image_new_from_buffer},
        {"vips_image_new_from_memory", &vips.image_new_from_memory},
        {"vips_image_get_width", &vips.image_get_width},
        {"vips_image_get_height", &vips.image_get_height},
        {"vips_image_get_orientation", &vips.image_get_orientation},
        {"vips_image_get_n_pages", &vips.image_get_n_pages},
        {"vips_image_get_bands", &vips.image_get_bands},
        {"vips_image_hasalpha", &vips.image_hasalpha},
        {"vips_image_get_typeof", &vips.image_get_typeof},
        {"vips_image_get_interpretation", &vips.image_get_interpretation},
        {"vips_thumbnail_buffer", &vips.thumbnail_buffer},
        {"vips_thumbnail_image", &vips.thumbnail_image},
        {"vips_jpegload_buffer", &vips.jpegload_buffer},
        {"vips_colourspace", &vips.colourspace},
        {"vips_image_write_to_memory", &vips.image_write_to_memory},
        {"vips_jpegsave_buffer", &vips.jpegsave_buffer},
        {"vips_error_buffer", &vips.error_buffer},
        {"vips_error_clear", &vips.error_clear},
        {"g_object_unref", &vips.object_unref},
        {"g_free", &vips.free},
    };
    for (size_t index = 0; index < sizeof symbols / sizeof *symbols; index++) {
        void *symbol = dlsym(library, symbols[index].name);
        if (!symbol) return -1;
        memcpy(symbols[index].place, &symbol, sizeof symbol);
    }
    if (vips.init("moniker")) return -1;
    /* Pictures run side by side in processes; threads inside each would only share their work. */
    vips.concurrency_set(1);
    vips.cache_set_max(0);
    vips.block_untrusted_set(1);
    vips.operation_block_set("VipsForeignLoad", 1);
    return 0;
}

void CVips_allow(const char *loader) { vips.operation_block_set(loader, 0); }

const char *CVips_loader(const void *bytes, size_t count) {
    return vips.foreign_find_load_buffer(bytes, count);
}

int CVips_header(const void *bytes, size_t count, CVipsHeader *header) {
    VipsImage *image = vips.image_new_from_buffer(bytes, count, "", (void *)0);
    if (!image) return -1;
    header->width = vips.image_get_width(image);
    header->height = vips.image_get_height(image);
    header->orientation = vips.image_get_orientation(image);
    header->pages = vips.image_get_n_pages(image);
    header->has_alpha = vips.image_hasalpha(image);
    header->needs_profile = vips.image_get_typeof(image, "icc-profile-data") != 0
        || vips.image_get_interpretation(image) == INTERPRETATION_CMYK;
    vips.object_unref(image);
    return 0;
}

/* vips_thumbnail keeps a factor of two for its own filter, so that it would decode a picture of 12
   megapixels in full for 1024. A JPEG that is decoded at a half or a quarter is as good for models and
   takes half the time. */
static int jpeg_thumbnail(
    const void *bytes, size_t count, int edge, int shrink, const char *profile, VipsImage **small) {
    VipsImage *image = NULL;
    if (vips.jpegload_buffer(
            (void *)bytes, count, &image, "shrink", shrink, "access", ACCESS_SEQUENTIAL, "fail_on", FAIL_ON_ERROR,
            (void *)0))
        return -1;
    int failed = vips.thumbnail_image(
        image, small, edge, "height", edge, "size", SIZE_DOWN, profile ? "export_profile" : (void *)0, profile,
        (void *)0);
    vips.object_unref(image);
    return failed;
}

static int any_thumbnail(const void *bytes, size_t count, int edge, const char *profile, VipsImage **small) {
    /* The option for the loader, because libvips 8.14 does not hand its own fail_on on from memory. */
    return vips.thumbnail_buffer(
        (void *)bytes, count, small, edge, "height", edge, "size", SIZE_DOWN, "fail_on", FAIL_ON_ERROR,
        "option_string", "[fail-on=error]", profile ? "export_profile" : (void *)0, profile, (void *)0);
}

int CVips_thumbnail(
    const void *bytes, size_t count, int edge, int jpeg_shrink, int needs_profile, uint8_t **pixels, int *width,
    int *height, int *bands) {
    VipsImage *small = NULL, *image = NULL;
    /* Without a profile it would go to CIE XYZ and back, at a fifth of the time. */
    const char *profile = needs_profile ? "srgb" : NULL;
    if (jpeg_shrink > 0 ? jpeg_thumbnail(bytes, count, edge, jpeg_shrink, profile, &small)
                        : any_thumbnail(bytes, count, edge, profile, &small))
        return -1;
    int failed = vips.colourspace(small, &image, INTERPRETATION_SRGB, (void *)0);
    vips.object_unref(small);
    if (failed) return -1;
    size_t length = 0;
    *width = vips.image_get_width(image);
    *height = vips.image_get_height(image);
    *bands = vips.image_get_bands(image);
    *pixels = vips.image_write_to_memory(image, &length);
    vips.object_unref(image);
    if (!*pixels) return -1;
    if ((*bands != 3 && *bands != 4) || length != (size_t)*width * (size_t)*height * (size_t)*bands) {
        vips.free(*pixels);
        return -1;
    }
    return 0;
}

int CVips_jpeg(
    const uint8_t *pixels, int width, int height, int bands, int quality, uint8_t **jpeg, size_t *count) {
    size_t length = (size_t)width * (size_t)height * (size_t)bands;
    VipsImage *image = vips.image_new_from_memory(pixels, length, width, height, bands, FORMAT_UCHAR);
    if (!image) return -1;
    VipsImage *colours = NULL;
    void *buffer = NULL;
    int failed = vips.colourspace(image, &colours, INTERPRETATION_SRGB, "source_space", INTERPRETATION_SRGB, (void *)0);
    if (!failed) {
        failed = vips.jpegsave_buffer(
            colours, &buffer, count, "Q", quality, "strip", 1, "optimize_coding", 1, (void *)0);
        vips.object_unref(colours);
    }
    vips.object_unref(image);
    *jpeg = buffer;
    return failed ? -1 : 0;
}

void CVips_free(void *memory) { vips.free(memory); }

const char *CVips_error(void) {
    static char text[400];
    snprintf(text, sizeof text, "%s", vips.error_buffer ? vips.error_buffer() : "");
    if (vips.error_clear) vips.error_clear();
    return text;
}
