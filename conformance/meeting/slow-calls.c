/* Randomly slows the calls that change names, like a network share. It is preloaded, so that the product
   itself runs unchanged. SLOW_CALLS is the longest pause in microseconds; every removal is slowed, and one in
   four of the other calls. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void pause_a_while(unsigned one_of) {
  static __thread unsigned seed;
  const char *most = getenv("SLOW_CALLS");
  if (most == NULL) return;
  if (seed == 0) seed = (unsigned)time(NULL) ^ (unsigned)getpid() ^ (unsigned)(size_t)&seed;
  if (rand_r(&seed) % one_of == 0) usleep((unsigned)rand_r(&seed) % (unsigned)(atoi(most) + 1));
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int unlink(const char *path) { pause_a_while(1); return NEXT(unlink)(path); }
int unlinkat(int at, const char *path, int flags) { pause_a_while(1); return NEXT(unlinkat)(at, path, flags); }
int link(const char *from, const char *to) { pause_a_while(4); return NEXT(link)(from, to); }
int linkat(int a, const char *from, int b, const char *to, int flags) { pause_a_while(4); return NEXT(linkat)(a, from, b, to, flags); }
int rename(const char *from, const char *to) { pause_a_while(4); return NEXT(rename)(from, to); }
int renameat(int a, const char *from, int b, const char *to) { pause_a_while(4); return NEXT(renameat)(a, from, b, to); }

long syscall(long number, ...) {
  long a[6];
  va_list list;
  va_start(list, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  if (number == SYS_renameat2) pause_a_while(4);
  return ((long (*)(long, ...))dlsym(RTLD_NEXT, "syscall"))(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
