#include <zlib.h>

/* deflateInit2 is a macro, which Swift cannot see. 15 + 16 window bits ask for the gzip format (zlib.h). */
static inline int portaldesk_gzip_init(z_stream *stream) {
    return deflateInit2(stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
}
