#pragma once
// Swift's Glibc module is compiled without _GNU_SOURCE and hides these; the declarations are those of glibc 2.34 on.
#include <malloc.h>
#include <spawn.h>

#define DESK_MFD_CLOEXEC 0x0001U

int memfd_create(const char *name, unsigned int flags);
int pipe2(int ends[2], int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
