// Plain streaming read: sums 512 MiB with as many threads as given (1 without an argument), ten times, and prints the best and the middle
// bytes per second. What a device profile's readBandwidth is compared with.
//   gcc -O3 -march=native -pthread stream-read.c -o stream-read && ./stream-read 2
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { REPETITIONS = 10, MAX_THREADS = 256 };
static const size_t total_bytes = (size_t)512 << 20;

typedef struct {
    const uint64_t *from;
    size_t words;
    uint64_t sum;
} part;

static pthread_barrier_t begin, end;

static void *read_part(void *argument) {
    part *mine = argument;
    for (int repetition = 0; repetition <= REPETITIONS; repetition++) {
        pthread_barrier_wait(&begin);
        uint64_t a = 0, b = 0, c = 0, d = 0;
        for (size_t i = 0; i + 32 <= mine->words; i += 32) {
            // Four sums of eight words: the compiler makes vector loads of them, and none waits for another.
            for (size_t j = 0; j < 8; j++) a += mine->from[i + j];
            for (size_t j = 8; j < 16; j++) b += mine->from[i + j];
            for (size_t j = 16; j < 24; j++) c += mine->from[i + j];
            for (size_t j = 24; j < 32; j++) d += mine->from[i + j];
        }
        mine->sum += a + b + c + d;
        pthread_barrier_wait(&end);
    }
    return NULL;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int count, char **arguments) {
    int threads = count > 1 ? atoi(arguments[1]) : 1;
    if (threads < 1 || threads > MAX_THREADS) return fprintf(stderr, "usage: stream-read [THREADS]\n"), 2;
    uint64_t *data = aligned_alloc(1 << 21, total_bytes);
    if (!data) return fprintf(stderr, "no memory\n"), 1;
    size_t words = total_bytes / sizeof *data;
    for (size_t i = 0; i < words; i++) data[i] = i * 0x9E3779B97F4A7C15u;

    static part parts[MAX_THREADS];
    static pthread_t ids[MAX_THREADS];
    pthread_barrier_init(&begin, NULL, (unsigned)threads + 1);
    pthread_barrier_init(&end, NULL, (unsigned)threads + 1);
    for (int i = 0; i < threads; i++) {
        size_t share = words / (size_t)threads;
        parts[i] = (part){ data + (size_t)i * share, share, 0 };
        if (pthread_create(&ids[i], NULL, read_part, &parts[i])) return fprintf(stderr, "no thread\n"), 1;
    }

    double rates[REPETITIONS];
    for (int repetition = 0; repetition <= REPETITIONS; repetition++) {
        double started = now();
        pthread_barrier_wait(&begin);
        pthread_barrier_wait(&end);
        if (repetition > 0) rates[repetition - 1] = (double)(words / (size_t)threads * (size_t)threads * sizeof *data) / (now() - started);
    }

    uint64_t sum = 0;
    for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL), sum += parts[i].sum;
    qsort(rates, REPETITIONS, sizeof *rates, ascending);
    fprintf(stderr, "checksum %llx\n", (unsigned long long)sum);
    printf("%.0f %.0f\n", rates[REPETITIONS - 1], (rates[REPETITIONS / 2 - 1] + rates[REPETITIONS / 2]) / 2);
    return 0;
}
