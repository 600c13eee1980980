/* Files and paths, as the commands need them. Everything in an arena under its protection. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include "base/err.h"

MUST bool file_read(Arena *a, const char *path, Slice *out, Err *e); /* (z); "-" is standard input */
/* All of it or nothing: written beside, then renamed. The mode is that of the file that was there. */
MUST bool file_write(Arena *a, const char *path, Slice text, Err *e);
bool file_exists(const char *path);
bool file_is_folder(const char *path);
bool folder_make(Arena *a, const char *path, unsigned mode); /* with those above it; false: errno says why */
bool folder_has(const char *path, const char *ending); /* a file whose name ends so, not in subfolders */

/* The files of a folder whose names begin and end so, in name order; none when it cannot be read. */
const char **folder_files(Arena *a, const char *path, const char *beginning, const char *ending, uint32_t *n);

const char *path_join(Arena *a, const char *folder, Slice name); /* "." and "" add nothing */
const char *path_folder(Arena *a, const char *path);             /* "." for a bare name */
const char *path_absolute(Arena *a, const char *path);           /* as realpath, or `path` itself */

#endif
