#include "CTesseract.h"
#include <dlfcn.h>
#include <string.h>

typedef struct TessResultIterator TessResultIterator;
typedef struct TessPageIterator TessPageIterator;
enum { LEVEL_LINE = 2, LEVEL_WORD = 3, SEGMENTATION_AUTO = 3 };

static struct {
    CTesseractReader *(*create)(void);
    void (*delete)(CTesseractReader *);
    int (*init)(CTesseractReader *, const char *, const char *);
    int (*set_variable)(CTesseractReader *, const char *, const char *);
    void (*set_segmentation)(CTesseractReader *, int);
    void (*set_image)(CTesseractReader *, const unsigned char *, int, int, int, int);
    void (*set_resolution)(CTesseractReader *, int);
    int (*recognize)(CTesseractReader *, void *);
    TessResultIterator *(*iterator)(CTesseractReader *);
    TessPageIterator *(*page)(TessResultIterator *);
    int (*begins)(const TessPageIterator *, int);
    int (*next)(TessResultIterator *, int);
    char *(*text)(const TessResultIterator *, int);
    float (*confidence)(const TessResultIterator *, int);
    void (*delete_iterator)(TessResultIterator *);
    void (*delete_text)(const char *);
    void (*clear)(CTesseractReader *);
} tesseract;

int CTesseract_start(void) {
    void *library = dlopen("libtesseract.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!library) return -1;
    const struct {
        const char *name;
        void *place;
    } symbols[] = {
        {"TessBaseAPICreate", &tesseract.create},
        {"TessBaseAPIDelete", &tesseract.delete},
        {"TessBaseAPIInit3", &tesseract.init},
        {"TessBaseAPISetVariable", &tesseract.set_variable},
        {"TessBaseAPISetPageSegMode", &tesseract.set_segmentation},
        {"TessBaseAPISetImage", &tesseract.set_image},
        {"TessBaseAPISetSourceResolution", &tesseract.set_resolution},
        {"TessBaseAPIRecognize", &tesseract.recognize},
        {"TessBaseAPIGetIterator", &tesseract.iterator},
        {"TessResultIteratorGetPageIterator", &tesseract.page},
        {"TessPageIteratorIsAtBeginningOf", &tesseract.begins},
        {"TessResultIteratorNext", &tesseract.next},
        {"TessResultIteratorGetUTF8Text", &tesseract.text},
        {"TessResultIteratorConfidence", &tesseract.confidence},
        {"TessResultIteratorDelete", &tesseract.delete_iterator},
        {"TessDeleteText", &tesseract.delete_text},
        {"TessBaseAPIClear", &tesseract.clear},
    };
    for (size_t index = 0; index < sizeof symbols / sizeof *symbols; index++) {
        void *symbol = dlsym(library, symbols[index].name);
        if (!symbol) return -1;
        memcpy(symbols[index].place, &symbol, sizeof symbol);
    }
    return 0;
}

CTesseractReader *CTesseract_open(const char *languages) {
    CTesseractReader *reader = tesseract.create();
    if (!reader) return NULL;
    /* NULL: where the library was built to look, or TESSDATA_PREFIX. */
    if (tesseract.init(reader, NULL, languages)) {
        tesseract.delete(reader);
        return NULL;
    }
    /* It would write its thoughts to standard error. */
    tesseract.set_variable(reader, "debug_file", "/dev/null");
    tesseract.set_segmentation(reader, SEGMENTATION_AUTO);
    return reader;
}

void CTesseract_close(CTesseractReader *reader) { tesseract.delete(reader); }

int CTesseract_read(
    CTesseractReader *reader, const uint8_t *pixels, int width, int height, CTesseractWord heard, void *context) {
    tesseract.set_image(reader, pixels, width, height, 3, width * 3);
    /* Unknown, as of any picture; this one makes it not guess and complain. */
    tesseract.set_resolution(reader, 150);
    if (tesseract.recognize(reader, NULL)) return -1;
    TessResultIterator *words = tesseract.iterator(reader);
    if (words) {
        do {
            char *word = tesseract.text(words, LEVEL_WORD);
            if (!word) continue;
            heard(context, word, tesseract.confidence(words, LEVEL_WORD),
                tesseract.begins(tesseract.page(words), LEVEL_LINE));
            tesseract.delete_text(word);
        } while (tesseract.next(words, LEVEL_WORD));
        tesseract.delete_iterator(words);
    }
    tesseract.clear(reader);
    return 0;
}
