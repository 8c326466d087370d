// A softmax and a log-softmax as one would write them by hand with AVX-512: the maximum, the exponentials and their sum, the results.
// For native.py: g++ -O3 -march=native -shared -fPIC three_passes.cpp
#include <immintrin.h>
#include <cmath>
#include <cstdlib>
#include <initializer_list>

namespace
{
    // exp(x) for x <= 0: 2^n times a polynomial of degree 6 in the rest, which is at most ln(2) / 2.
    inline __m512 exponential(__m512 x)
    {
        const __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504f)), _MM_FROUND_TO_NEAREST_INT);
        __m512 rest = _mm512_fnmadd_ps(n, _mm512_set1_ps(.693359375f), x);
        rest = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.12194440e-4f), rest);
        __m512 sum = _mm512_set1_ps(1.f / 720);
        for (float coefficient : {1.f / 120, 1.f / 24, 1.f / 6, 1.f / 2, 1.f, 1.f})
            sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(coefficient));
        return _mm512_scalef_ps(sum, n);
    }

    template <class Body> inline void each(long count, Body body)
    {
        long i = 0;
        for (; i + 16 <= count; i += 16)
            body(i, static_cast<__mmask16>(0xFFFF));
        if (i < count)
            body(i, static_cast<__mmask16>((1u << (count - i)) - 1));
    }

    void row(const float *scores, float *results, long count, bool isLog)
    {
        __m512 lowest = _mm512_set1_ps(-INFINITY), maximum = lowest, sum = _mm512_setzero_ps();
        each(count, [&](long i, __mmask16 used) { maximum = _mm512_max_ps(maximum, _mm512_mask_loadu_ps(lowest, used, scores + i)); });
        const float largest = _mm512_reduce_max_ps(maximum);
        each(count, [&](long i, __mmask16 used) {
            const __m512 value = exponential(_mm512_sub_ps(_mm512_mask_loadu_ps(lowest, used, scores + i), _mm512_set1_ps(largest)));
            sum = _mm512_add_ps(sum, _mm512_maskz_mov_ps(used, value));
            if (!isLog)
                _mm512_mask_storeu_ps(results + i, used, value);
        });
        const float total = _mm512_reduce_add_ps(sum);
        const __m512 factor = _mm512_set1_ps(1 / total), shift = _mm512_set1_ps(largest + std::log(total));
        each(count, [&](long i, __mmask16 used) {
            _mm512_mask_storeu_ps(results + i, used, isLog
                ? _mm512_sub_ps(_mm512_maskz_loadu_ps(used, scores + i), shift)
                : _mm512_mul_ps(_mm512_maskz_loadu_ps(used, results + i), factor));
        });
    }

    struct Rows
    {
        bool isLog;
        long rows, classes;
        float *input, *output;
    };

    float *allocate(long count) { return static_cast<float *>(std::aligned_alloc(4096, (count * sizeof(float) + 4095) / 4096 * 4096)); }
}

extern "C"
{
    Rows *create(bool isLog, long rows, long classes)
    {
        return new Rows{isLog, rows, classes, allocate(rows * classes), allocate(rows * classes)};
    }

    float *input(Rows *all) { return all->input; }
    float *output(Rows *all) { return all->output; }

    void run(Rows *all)
    {
        for (long i = 0; i < all->rows * all->classes; i += all->classes)
            row(all->input + i, all->output + i, all->classes, all->isLog);
    }

    void destroy(Rows *all)
    {
        std::free(all->input);
        std::free(all->output);
        delete all;
    }
}
