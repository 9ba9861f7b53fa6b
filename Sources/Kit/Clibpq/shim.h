#include <libpq-fe.h>
#include <sys/prctl.h>

/// Names the calling thread for `top -H` and debuggers; glibc's own call is hidden from Swift.
static inline void desk_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
