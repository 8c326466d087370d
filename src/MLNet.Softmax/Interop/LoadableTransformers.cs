using System.Reflection;
using MLNet.Softmax.Calibration;

// ML.NET loads the assembly that a model file names and finds these declarations, so that models load without registration.
[assembly: LoadableTransformer<SoftmaxTransformer>]
[assembly: LoadableTransformer<LogSoftmaxTransformer>]
[assembly: LoadableTransformer<TopKTransformer>]
[assembly: LoadableTransformer<DecideTransformer>]
[assembly: LoadableTransformer<TemperatureCalibratorTransformer>]
[assembly: LoadableTransformer<VectorScalingCalibratorTransformer>]
[assembly: LoadableTransformer<MatrixScalingCalibratorTransformer>]
[assembly: LoadableTransformer<DirichletCalibratorTransformer>]
[assembly: LoadableTransformer<IsotonicCalibratorTransformer>]
[assembly: LoadableTransformer<PredictionSetTransformer>]

namespace MLNet.Softmax.Interop;

/// <summary>A transformer that can be read back from a model file. Its class carries <see cref="ModelFormatAttribute"/>.</summary>
internal interface ILoadableTransformer<TSelf>
    where TSelf : RowToRowTransformer, ILoadableTransformer<TSelf>
{
    /// <summary>Reads what the transformer's Save wrote, and checks it before it is used.</summary>
    /// <exception cref="FormatException">The data is not valid for this transformer.</exception>
    static abstract TSelf Load(ModelReader reader);
}

/// <summary>How a model file marks the data of a component.</summary>
/// <param name="loaderSignature">
/// The name under which ML.NET finds the component: unique, at most 24 Latin-1 characters, never changed.
/// </param>
/// <param name="modelSignature">Eight characters that mark the component's data, never changed.</param>
/// <param name="version">The version of the format, from 1 on. Increase it when the format changes; earlier versions stay readable.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class ModelFormatAttribute(string loaderSignature, string modelSignature, uint version) : Attribute
{
    public string LoaderSignature => loaderSignature;

    public string ModelSignature => modelSignature;

    public uint Version => version;

    public static ModelFormatAttribute Of(Type component) => component.GetCustomAttribute<ModelFormatAttribute>()
        ?? throw new NotSupportedException($"{component.Name} cannot be saved: it has no model format.");
}

/// <summary>Declares that model files may hold a <typeparamref name="TTransformer"/>.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class LoadableTransformerAttribute<TTransformer>() : LoadableClassAttributeBase(
    null, typeof(ITransformer), typeof(TransformerLoader<TTransformer>), null, [typeof(SignatureLoadModel)], typeof(TTransformer).Name,
    ModelFormatAttribute.Of(typeof(TTransformer)).LoaderSignature)
    where TTransformer : RowToRowTransformer, ILoadableTransformer<TTransformer>;

/// <summary>
/// What ML.NET calls to load a <typeparamref name="TTransformer"/>: it looks for a static method of this name and signature.
/// </summary>
internal static class TransformerLoader<TTransformer>
    where TTransformer : RowToRowTransformer, ILoadableTransformer<TTransformer>
{
    public static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => ModelReader.Load(env, ctx, TTransformer.Load);
}
