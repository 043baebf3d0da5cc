/*
 * Stands in for libcuda.so.1 (compiled with -DSTUB_CUDA) and libnvidia-ml.so.1 (-DSTUB_NVML): known answers, to prove that the managed side calls the
 * functions as the headers declare them. Two GPUs; NVML lists them by PCI address, the driver the other way round.
 * Declarations follow cuda.h (12) and nvml.h (13). Everything that a test changes goes through stub_set.
 */
#include <stddef.h>
#include <string.h>

enum { STUB_INIT, STUB_COUNT, STUB_MEMORY, STUB_QUERY, STUB_VERSION, STUB_MODERN, STUB_REASONS, STUB_INTEGRATED, STUB_ACTIVE, STUB_ALLOC, STUB_SYNC, STUB_SETTINGS };

static int settings[STUB_SETTINGS], bad_frees;
static int defaults[STUB_SETTINGS] = { 0, 2, 0, 0, 12080, 1, 0x1, 0, 0, 0, 0 };

void stub_reset(void) { memcpy(settings, defaults, sizeof settings); bad_frees = 0; }
void stub_set(int setting, int value) { settings[setting] = value; }

#define NOT_NULL(pointer, error) if ((pointer) == NULL) return (error)

#ifdef STUB_NVML

typedef struct { unsigned long long total, free, used; } memory_v1;
typedef struct { unsigned int version; unsigned long long total, reserved, free, used; } memory_v2;
typedef struct { unsigned int gpu, memory; } utilization;
typedef struct { unsigned int version; int sensor; int temperature; } temperature_v1;
typedef struct {
    char busIdLegacy[16];
    unsigned int domain, bus, device, pciDeviceId, pciSubSystemId;
    char busId[32];
} pci_info;

enum { OK = 0, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, NOT_FOUND = 6, VERSION_MISMATCH = 25 };

static int gpu_a, gpu_b, slice_of_b;

size_t stub_sizeof(int what)
{
    switch (what) {
        case 0: return sizeof(memory_v1);
        case 1: return sizeof(memory_v2);
        case 2: return sizeof(utilization);
        case 3: return sizeof(temperature_v1);
        case 4: return sizeof(pci_info);
        case 5: return offsetof(memory_v2, total);
        case 6: return offsetof(pci_info, domain);
        case 7: return offsetof(pci_info, busId);
        default: return 0;
    }
}

static int is_second(void *device) { return device == &gpu_b; }
static int check(void *device) { return device != &gpu_a && device != &gpu_b && device != &slice_of_b ? INVALID_ARGUMENT : settings[STUB_QUERY]; }

#define QUERY(device) do { int problem = check(device); if (problem != OK) return problem; } while (0)

static int put(char *text, unsigned int length, const char *value)
{
    if (strlen(value) + 1 > length) return 7;
    strcpy(text, value);
    return OK;
}

int nvmlInit_v2(void) { return settings[STUB_INIT]; }
int nvmlSystemGetDriverVersion(char *version, unsigned int length) { return put(version, length, "570.86.15"); }
int nvmlDeviceGetCount_v2(unsigned int *count) { NOT_NULL(count, INVALID_ARGUMENT); *count = 2; return OK; }

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device)
{
    if (index > 1) return INVALID_ARGUMENT;
    *device = index == 0 ? &gpu_a : &gpu_b;
    return OK;
}

/* GPU B is divided into up to three slices; one exists, at the second place. */
int nvmlDeviceGetMaxMigDeviceCount(void *device, unsigned int *count) { NOT_NULL(count, INVALID_ARGUMENT); QUERY(device); *count = is_second(device) ? 3 : 0; return OK; }

int nvmlDeviceGetMigDeviceHandleByIndex(void *device, unsigned int index, void **slice)
{
    NOT_NULL(slice, INVALID_ARGUMENT);
    if (!is_second(device)) return NOT_SUPPORTED;
    if (index != 1) return NOT_FOUND;
    *slice = &slice_of_b;
    return OK;
}

int nvmlDeviceGetName(void *device, char *name, unsigned int length) { QUERY(device); return put(name, length, is_second(device) ? "Stub GPU B" : "Stub GPU A"); }

int nvmlDeviceGetUUID(void *device, char *uuid, unsigned int length)
{
    if (device == &slice_of_b) return put(uuid, length, "MIG-c0c1c2c3-c4c5-c6c7-c8c9-cacbcccdcecf");
    return put(uuid, length, is_second(device) ? "GPU-b0b1b2b3-b4b5-b6b7-b8b9-babbbcbdbebf" : "GPU-a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf");
}

int nvmlDeviceGetPciInfo_v3(void *device, pci_info *info)
{
    memset(info, 0, sizeof *info);
    info->domain = 0x10;
    info->bus = is_second(device) ? 0x41 : 0x01;
    info->device = 0x02;
    info->pciDeviceId = 0x233010de;
    info->pciSubSystemId = 0x16c110de;
    strcpy(info->busIdLegacy, is_second(device) ? "0010:41:02.0" : "0010:01:02.0");
    strcpy(info->busId, is_second(device) ? "00000010:41:02.0" : "00000010:01:02.0");
    return OK;
}

int nvmlDeviceGetMemoryInfo(void *device, memory_v1 *memory)
{
    QUERY(device);
    if (settings[STUB_MEMORY] != OK) return settings[STUB_MEMORY];
    memory->total = 0x1100000000ull;
    memory->free = 0x0900000000ull;
    memory->used = 0x0800000000ull;
    return OK;
}

int nvmlDeviceGetMemoryInfo_v2(void *device, memory_v2 *memory)
{
    QUERY(device);
    if (settings[STUB_MEMORY] != OK) return settings[STUB_MEMORY];
    if (!settings[STUB_MODERN] || memory->version != (sizeof(memory_v2) | (2u << 24))) return VERSION_MISMATCH;
    memory->total = is_second(device) ? 0x1400000000ull : 0x1200000000ull;
    memory->reserved = 0x10000000ull;
    memory->free = 0x0A00000000ull;
    memory->used = 0x0700000000ull;
    return OK;
}

int nvmlDeviceGetUtilizationRates(void *device, utilization *rates) { QUERY(device); rates->gpu = 71; rates->memory = 23; return OK; }

int nvmlDeviceGetTemperatureV(void *device, temperature_v1 *temperature)
{
    QUERY(device);
    if (!settings[STUB_MODERN]) return NOT_SUPPORTED;
    if (temperature->version != (sizeof(temperature_v1) | (1u << 24)) || temperature->sensor != 0) return VERSION_MISMATCH;
    temperature->temperature = is_second(device) ? 62 : 61;
    return OK;
}

int nvmlDeviceGetTemperature(void *device, int sensor, unsigned int *temperature) { QUERY(device); if (sensor != 0) return INVALID_ARGUMENT; *temperature = 59; return OK; }

int nvmlDeviceGetTemperatureThreshold(void *device, int threshold, unsigned int *temperature)
{
    static const unsigned int values[] = { 98, 95, 90, 87 };
    QUERY(device);
    if (threshold < 0 || threshold > 3) return INVALID_ARGUMENT;
    *temperature = values[threshold];
    return OK;
}

int nvmlDeviceGetPowerUsage(void *device, unsigned int *milliwatts) { QUERY(device); *milliwatts = 215500; return OK; }
int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned int *milliwatts) { QUERY(device); *milliwatts = 350000; return OK; }
int nvmlDeviceGetMemoryBusWidth(void *device, unsigned int *bits) { QUERY(device); *bits = 384; return OK; }
int nvmlDeviceGetCurrPcieLinkGeneration(void *device, unsigned int *generation) { QUERY(device); *generation = 1; return OK; }
int nvmlDeviceGetMaxPcieLinkGeneration(void *device, unsigned int *generation) { QUERY(device); *generation = 4; return OK; }
int nvmlDeviceGetCurrPcieLinkWidth(void *device, unsigned int *lanes) { QUERY(device); *lanes = 8; return OK; }
int nvmlDeviceGetMaxPcieLinkWidth(void *device, unsigned int *lanes) { QUERY(device); *lanes = 16; return OK; }

int nvmlDeviceGetClockInfo(void *device, int clock, unsigned int *megahertz) { QUERY(device); *megahertz = clock == 1 ? 1410 : clock == 2 ? 5001 : 1395; return OK; }
int nvmlDeviceGetMaxClockInfo(void *device, int clock, unsigned int *megahertz) { QUERY(device); *megahertz = clock == 1 ? 2520 : clock == 2 ? 10501 : 2505; return OK; }
int nvmlDeviceGetCurrentClocksEventReasons(void *device, unsigned long long *reasons) { QUERY(device); *reasons = 0x100000000ull | (unsigned int)settings[STUB_REASONS]; return OK; }

#else

enum { OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_DEVICE = 101, INVALID_CONTEXT = 201 };

enum { HOST = 1, MANAGED, DEVICE };
enum { BLOCKS = 16, BLOCK_BYTES = 4096, PENDING = 8 };

static int context_storage, stream_storage, retained, priority_seen, streams;
static __thread int pushed;     /* the current context belongs to the thread */
static unsigned int flags_seen;
static unsigned char storage[BLOCKS][BLOCK_BYTES] __attribute__((aligned(4096)));
static int kinds[BLOCKS];       /* 0 where a block is free */
static int pending;             /* copies that nobody has waited for */
static struct { void *to; const void *from; size_t bytes; } copies[PENDING];

int stub_get(int what)
{
    switch (what) {
        case 0: return retained;
        case 1: return pushed;
        case 2: return priority_seen;
        case 3: return (int)flags_seen;
        case 4: return streams;
        case 5: { int live = 0; for (int i = 0; i < BLOCKS; i++) live += kinds[i] != 0; return live; }
        case 6: return bad_frees;
        case 7: return pending;
        default: return -1;
    }
}

int cuInit(unsigned int flags) { return flags != 0 ? INVALID_VALUE : settings[STUB_INIT]; }
int cuDriverGetVersion(int *version) { *version = settings[STUB_VERSION]; return OK; }
int cuDeviceGetCount(int *count) { *count = settings[STUB_COUNT]; return OK; }

int cuDeviceGet(int *device, int ordinal)
{
    if (ordinal < 0 || ordinal >= settings[STUB_COUNT]) return INVALID_DEVICE;
    *device = 100 + ordinal;
    return OK;
}

/* Ordinal 0 is the GPU that NVML lists second. */
static int is_b(int device) { return device == 100; }

int cuDeviceGetName(char *name, int length, int device)
{
    if (length < 11) return INVALID_VALUE;
    strcpy(name, is_b(device) ? "Stub GPU B" : "Stub GPU A");
    return OK;
}

int cuDeviceGetUuid_v2(unsigned char *uuid, int device)
{
    for (int i = 0; i < 16; i++) uuid[i] = (unsigned char)((is_b(device) ? 0xb0 : 0xa0) + i);
    return OK;
}

int cuDeviceGetPCIBusId(char *id, int length, int device)
{
    if (length < 13) return INVALID_VALUE;
    strcpy(id, is_b(device) ? "0010:41:02.0" : "0010:01:02.0");
    return OK;
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = is_b(device) ? (size_t)0x13F0000000ull : (size_t)0x11F0000000ull; return OK; }

int cuDeviceGetAttribute(int *value, int attribute, int device)
{
    if (device != 100 && device != 101) return INVALID_DEVICE;
    switch (attribute) {
        case 13: *value = 2520000; return OK;
        case 16: *value = 128; return OK;
        case 17: *value = 1; return OK;
        case 18: *value = settings[STUB_INTEGRATED]; return OK;
        case 20: *value = 0; return OK;
        case 36: *value = 10501000; return OK;
        case 37: *value = 384; return OK;
        case 38: *value = 75497472; return OK;
        case 40: *value = 2; return OK;
        case 41: *value = 1; return OK;
        case 75: *value = 8; return OK;
        case 76: *value = 9; return OK;
        case 78: *value = 1; return OK;
        case 83: *value = 1; return OK;
        case 89: *value = 1; return OK;
        case 115: *value = 1; return OK;
        default: *value = 0; return OK;
    }
}

int cuDevicePrimaryCtxGetState(int device, unsigned int *flags, int *active) { (void)device; *flags = 0; *active = settings[STUB_ACTIVE]; return OK; }
int cuDevicePrimaryCtxRetain(void **context, int device) { (void)device; __sync_fetch_and_add(&retained, 1); *context = &context_storage; return OK; }
int cuDevicePrimaryCtxRelease_v2(int device) { (void)device; __sync_fetch_and_sub(&retained, 1); return OK; }
int cuCtxPushCurrent_v2(void *context) { if (context != &context_storage) return INVALID_CONTEXT; pushed++; return OK; }
int cuCtxPopCurrent_v2(void **context) { pushed--; *context = &context_storage; return OK; }

int cuMemGetInfo_v2(size_t *free, size_t *total)
{
    if (pushed == 0) return INVALID_CONTEXT;
    *free = (size_t)0x0B00000000ull;
    *total = (size_t)0x1200000000ull;
    return OK;
}

int cuCtxGetStreamPriorityRange(int *least, int *greatest) { if (pushed == 0) return INVALID_CONTEXT; *least = 0; *greatest = -5; return OK; }

int cuStreamCreateWithPriority(void **stream, unsigned int flags, int priority)
{
    if (pushed == 0) return INVALID_CONTEXT;
    flags_seen = flags;
    priority_seen = priority;
    streams++;
    *stream = &stream_storage;
    return OK;
}

int cuStreamDestroy_v2(void *stream) { if (stream != &stream_storage) return INVALID_VALUE; streams--; return OK; }

/* CUdeviceptr is as wide as a pointer: unsigned long long on 64-bit systems. */
#if defined(_WIN64) || defined(__LP64__)
typedef unsigned long long deviceptr;
#else
typedef unsigned int deviceptr;
#endif
_Static_assert(sizeof(deviceptr) == sizeof(void *), "CUdeviceptr");

/* The GPU knows mapped host memory elsewhere, so that nobody can mix the two up. */
#define MAP_OFFSET 0x100000000000ull

static int allocate(int kind, size_t bytes, void **address)
{
    if (settings[STUB_ALLOC] != OK) return settings[STUB_ALLOC];
    if (pushed == 0) return INVALID_CONTEXT;
    if (bytes == 0) return INVALID_VALUE;
    for (int i = 0; i < BLOCKS && bytes <= BLOCK_BYTES; i++) {
        if (!__sync_bool_compare_and_swap(&kinds[i], 0, kind)) continue;
        *address = storage[i];
        return OK;
    }
    return OUT_OF_MEMORY;
}

static int block_of(const void *address)
{
    size_t offset = (size_t)((const unsigned char *)address - &storage[0][0]);
    return offset < sizeof storage && kinds[offset / BLOCK_BYTES] != 0 ? (int)(offset / BLOCK_BYTES) : -1;
}

static int release(const void *address, int is_host)
{
    int block = block_of(address);
    if (pushed == 0 || block < 0 || address != storage[block] || (kinds[block] == HOST) != is_host) { __sync_fetch_and_add(&bad_frees, 1); return pushed == 0 ? INVALID_CONTEXT : INVALID_VALUE; }
    kinds[block] = 0;
    return OK;
}

int cuMemHostAlloc(void **address, size_t bytes, unsigned int flags) { flags_seen = flags; return allocate(HOST, bytes, address); }
int cuMemFreeHost(void *address) { return release(address, 1); }

int cuMemHostGetDevicePointer_v2(deviceptr *device, void *host, unsigned int flags)
{
    int block = block_of(host);
    if (pushed == 0) return INVALID_CONTEXT;
    if (flags != 0 || block < 0 || kinds[block] != HOST) return INVALID_VALUE;
    *device = (deviceptr)(size_t)host + MAP_OFFSET;
    return OK;
}

int cuMemAllocManaged(deviceptr *device, size_t bytes, unsigned int flags)
{
    void *address = NULL;
    int code;
    if (flags != 1 && flags != 2) return INVALID_VALUE;
    flags_seen = flags;
    code = allocate(MANAGED, bytes, &address);
    if (code == OK) *device = (deviceptr)(size_t)address;
    return code;
}

int cuMemAlloc_v2(deviceptr *device, size_t bytes)
{
    void *address = NULL;
    int code = allocate(DEVICE, bytes, &address);
    if (code == OK) *device = (deviceptr)(size_t)address;
    return code;
}

int cuMemFree_v2(deviceptr device) { return release((void *)(size_t)device, 0); }

/* Nothing moves before somebody waits for the stream: who reads too early reads the old bytes. */
static int copy(void *to, const void *from, size_t bytes, void *stream)
{
    if (pushed == 0) return INVALID_CONTEXT;
    if (stream != &stream_storage || pending == PENDING) return INVALID_VALUE;
    copies[pending].to = to;
    copies[pending].from = from;
    copies[pending++].bytes = bytes;
    return OK;
}

int cuMemcpyHtoDAsync_v2(deviceptr device, const void *host, size_t bytes, void *stream)
{
    if (block_of((void *)(size_t)device) < 0 || block_of(host) >= 0) return INVALID_VALUE;
    return copy((void *)(size_t)device, host, bytes, stream);
}

int cuMemcpyDtoHAsync_v2(void *host, deviceptr device, size_t bytes, void *stream)
{
    if (block_of((void *)(size_t)device) < 0 || block_of(host) >= 0) return INVALID_VALUE;
    return copy(host, (void *)(size_t)device, bytes, stream);
}

int cuMemcpyDtoDAsync_v2(deviceptr to, deviceptr from, size_t bytes, void *stream)
{
    if (block_of((void *)(size_t)to) < 0 || block_of((void *)(size_t)from) < 0) return INVALID_VALUE;
    return copy((void *)(size_t)to, (void *)(size_t)from, bytes, stream);
}

int cuStreamSynchronize(void *stream)
{
    if (pushed == 0) return INVALID_CONTEXT;
    if (stream != &stream_storage) return INVALID_VALUE;
    for (int i = 0; i < pending; i++) memcpy(copies[i].to, copies[i].from, copies[i].bytes);
    pending = 0;
    return settings[STUB_SYNC];
}

#endif
