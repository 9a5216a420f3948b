#include "CGExiv2.h"
#include <dlfcn.h>
#include <string.h>

typedef struct _GError GError;

static struct {
    int (*initialize)(void);
    void (*log_set_level)(int);
    CGExiv2Metadata *(*metadata_new)(void);
    void (*metadata_free)(CGExiv2Metadata *);
    int (*open_buf)(CGExiv2Metadata *, const uint8_t *, long, GError **);
    int (*has_tag)(CGExiv2Metadata *, const char *, GError **);
    char *(*get_tag_string)(CGExiv2Metadata *, const char *, GError **);
    char **(*get_tag_multiple)(CGExiv2Metadata *, const char *, GError **);
    void (*error_free)(GError *);
    void (*free)(void *);
    void (*strfreev)(char **);
} exiv2;

int CGExiv2_start(void) {
    void *library = dlopen("libgexiv2.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!library) return -1;
    const struct {
        const char *name;
        void *place;
    } symbols[] = {
        {"gexiv2_initialize", &exiv2.initialize},
        {"gexiv2_log_set_level", &exiv2.log_set_level},
        {"gexiv2_metadata_new", &exiv2.metadata_new},
        {"gexiv2_metadata_free", &exiv2.metadata_free},
        {"gexiv2_metadata_open_buf", &exiv2.open_buf},
        {"gexiv2_metadata_try_has_tag", &exiv2.has_tag},
        {"gexiv2_metadata_try_get_tag_string", &exiv2.get_tag_string},
        {"gexiv2_metadata_try_get_tag_multiple", &exiv2.get_tag_multiple},
        {"g_error_free", &exiv2.error_free},
        {"g_free", &exiv2.free},
        {"g_strfreev", &exiv2.strfreev},
    };
    for (size_t index = 0; index < sizeof symbols / sizeof *symbols; index++) {
        void *symbol = dlsym(library, symbols[index].name);
        if (!symbol) return -1;
        memcpy(symbols[index].place, &symbol, sizeof symbol);
    }
    if (!exiv2.initialize()) return -1;
    exiv2.log_set_level(4); /* GEXIV2_LOG_LEVEL_MUTE */
    return 0;
}

CGExiv2Metadata *CGExiv2_open(const uint8_t *bytes, size_t count) {
    CGExiv2Metadata *metadata = exiv2.metadata_new();
    GError *error = NULL;
    if (exiv2.open_buf(metadata, bytes, (long)count, &error)) return metadata;
    if (error) exiv2.error_free(error);
    exiv2.metadata_free(metadata);
    return NULL;
}

void CGExiv2_close(CGExiv2Metadata *metadata) { exiv2.metadata_free(metadata); }

static int has(CGExiv2Metadata *metadata, const char *tag) {
    GError *error = NULL;
    int found = exiv2.has_tag(metadata, tag, &error);
    if (error) exiv2.error_free(error);
    return found && !error;
}

char **CGExiv2_values(CGExiv2Metadata *metadata, const char *tag) {
    GError *error = NULL;
    if (!has(metadata, tag)) return NULL;
    char **values = exiv2.get_tag_multiple(metadata, tag, &error);
    if (error) exiv2.error_free(error);
    return values;
}

char *CGExiv2_value(CGExiv2Metadata *metadata, const char *tag) {
    GError *error = NULL;
    if (!has(metadata, tag)) return NULL;
    char *value = exiv2.get_tag_string(metadata, tag, &error);
    if (error) exiv2.error_free(error);
    return value;
}

void CGExiv2_free(char *value) { exiv2.free(value); }

void CGExiv2_free_values(char **values) { exiv2.strfreev(values); }
