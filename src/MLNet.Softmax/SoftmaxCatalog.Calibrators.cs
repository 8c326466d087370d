namespace Microsoft.ML;

public static partial class SoftmaxCatalog
{
    /// <summary>What this library adds to <c>mlContext.MulticlassClassification</c>.</summary>
    /// <param name="catalog">The multiclass classification catalog.</param>
    extension(MulticlassClassificationCatalog catalog)
    {
        /// <summary>
        /// Calibrators: they turn a model's scores into probabilities that hold, fitted on rows that the model was not trained on. The
        /// counterpart of <c>mlContext.BinaryClassification.Calibrators</c>.
        /// </summary>
        /// <remarks>
        /// This is an extension property of C# 14. In F#, Visual Basic and earlier versions of C#, call the method behind it:
        /// <c>SoftmaxCatalog.get_Calibrators(mlContext.MulticlassClassification)</c>.
        /// </remarks>
        /// <example><code>
        /// var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(model.Transform(heldOut));
        /// var calibrated = model.Append(calibrator);
        /// </code></example>
        public MulticlassCalibratorsCatalog Calibrators => new(catalog.GetEnvironment());
    }
}
