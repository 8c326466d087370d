// oneDNN's softmax and log-softmax for native.py: g++ -O2 -shared -fPIC onednn.cpp -ldnnl
#include <oneapi/dnnl/dnnl.hpp>

struct Softmax
{
    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};
    dnnl::memory input, output;
    dnnl::softmax_v2_forward primitive;

    Softmax(bool isLog, long rows, long classes)
    {
        dnnl::memory::desc shape({rows, classes}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::ab);
        input = dnnl::memory(shape, engine);
        output = dnnl::memory(shape, engine);
        primitive = dnnl::softmax_v2_forward({{dnnl::prop_kind::forward_inference,
            isLog ? dnnl::algorithm::softmax_log : dnnl::algorithm::softmax_accurate, shape, shape, 1}, engine});
    }

    void Run()
    {
        primitive.execute(stream, {{DNNL_ARG_SRC, input}, {DNNL_ARG_DST, output}});
        stream.wait();
    }
};

extern "C"
{
    Softmax *create(bool isLog, long rows, long classes) { return new Softmax(isLog, rows, classes); }
    float *input(Softmax *softmax) { return static_cast<float *>(softmax->input.get_data_handle()); }
    float *output(Softmax *softmax) { return static_cast<float *>(softmax->output.get_data_handle()); }
    void run(Softmax *softmax) { softmax->Run(); }
    void destroy(Softmax *softmax) { delete softmax; }
}
