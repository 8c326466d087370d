using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Softmax.Persistence;

/// <summary>
/// What ML.NET calls to load a <typeparamref name="TTransformer"/>. It looks for a static method Create that takes an environment and its
/// internal <c>ModelLoadContext</c>; a parameter of the type <see cref="object"/> satisfies that look-up.
/// </summary>
internal static class TransformerLoader<TTransformer>
    where TTransformer : RowToRowTransformer, ILoadableTransformer<TTransformer>
{
    public static ITransformer Create(IHostEnvironment env, object ctx)
    {
        try
        {
            return TTransformer.Load(ModelReader.Begin(ctx, typeof(TTransformer)));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            // As ML.NET's own components: the environment marks the error, so that ML.NET reports what it was loading.
            throw env.Process(exception);
        }
    }
}
