using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter.Proto;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>Walks back over a pipeline's data to its beginning, then has every step add itself to the graph.</summary>
internal static class OnnxExport
{
    public static ModelProto Run(
        IHostEnvironment environment, OnnxContext context, ITransformer transform, IDataView inputData, string[] outputColumns = null)
    {
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(inputData);
        var output = transform.Transform(inputData);
        using var channel = environment.Start("ONNX conversion");
        var (source, steps) = WalkBack(output, context, channel);
        foreach (var column in source.Schema)
            context.AddInputVariable(column.Type, column.Name);
        foreach (var step in steps)
            step.SaveAsOnnx(context);
        foreach (var column in output.Schema)
        {
            if (!column.IsHidden && outputColumns?.Contains(column.Name) != false)
                AddOutput(context, column);
        }

        return context.MakeModel();
    }

    private static (IDataView Source, Stack<ITransformCanSaveOnnx> Steps) WalkBack(IDataView data, OnnxContext context, IChannel channel)
    {
        var steps = new Stack<ITransformCanSaveOnnx>();
        bool walking = true;
        while (data is IDataTransform transform)
        {
            if (walking && data is ITransformCanSaveOnnx step && step.CanSaveOnnx(context))
            {
                steps.Push(step);
            }
            else if (walking)
            {
                walking = false;
                channel.Warning(MessageSensitivity.Unknown,
                    $"Had to stop walkback of pipeline at {transform.GetType().Name} since it cannot save itself as ONNX.");
            }

            data = transform.Source;
        }

        return (data, steps);
    }

    private static void AddOutput(OnnxContext context, DataViewSchema.Column column)
    {
        if (!context.ContainsColumn(column.Name))
        {
            throw Contracts.Except("The targeted pipeline can not be fully converted into a well-defined ONNX model. " +
                "Please check if all steps in that pipeline are convertible to ONNX " +
                "and all necessary variables are not dropped (via command line arguments).");
        }

        var variable = context.GetVariableName(column.Name);
        var output = context.AddIntermediateVariable(column.Type, column.Name + ".output");
        context.CreateNode("Identity", variable, output, context.GetNodeName("Identity"), "");
        context.AddOutputVariable(column.Type, output);
        if (column.HasSlotNames())
            AddSlotNames(context, column);
    }

    /// <summary>An encoder that nothing feeds, which keeps the slot names in the model.</summary>
    private static void AddSlotNames(OnnxContext context, DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        var nodeName = $"mlnet.{column.Name}.SlotNames";
        var input = context.AddInitializer(["one"], [1L, 1L], nodeName);
        var output = context.AddIntermediateVariable(NumberDataViewType.Int64, $"mlnet.{column.Name}.unusedOutput", skip: true);
        var node = context.CreateNode("LabelEncoder", input, output, nodeName);
        node.AddAttribute("keys_strings", names.DenseValues().Select(name => name.ToString()));
        node.AddAttribute("values_int64s", Enumerable.Range(0, names.Length).Select(index => (long)index));
        context.AddOutputVariable(NumberDataViewType.Int64, output);
    }
}
