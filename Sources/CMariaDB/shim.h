#include <mysql.h>
#include <errmsg.h>
#include <mysqld_error.h>

// Exported by the library since 3.0, and in none of the headers that are installed with it.
// After each read (mode 0) and write (mode 1) of any connection; a length of -1 is a failure.
int ma_pvio_register_callback(
    my_bool register_callback,
    void (*callback_function)(int mode, MYSQL *mysql, const unsigned char *buffer, size_t length));
