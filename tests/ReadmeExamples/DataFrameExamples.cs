using Microsoft.Data.Analysis;
using Microsoft.ML;

namespace ReadmeExamples;

public class DataFrameExamples
{
    [Fact]
    public void Evaluation_OfADataFrame()
    {
        var mlContext = new MLContext(seed: 1);
        File.WriteAllText("scores.csv", """
            label,cat,dog,fox
            cat,0.7,0.2,0.1
            dog,0.1,0.8,0.1
            fox,0.5,0.3,0.2
            """);

        #region data frame
        var frame = DataFrame.LoadCsv("scores.csv");   // with the columns label, cat, dog, fox
        var rows = mlContext.Transforms.Concatenate("Probability", "cat", "dog", "fox").Fit(frame).Transform(frame);
        var metrics = mlContext.MulticlassClassification.EvaluateProbabilities(rows, labelColumnName: "label");
        #endregion

        Assert.Equal(2 / 3.0, metrics.MicroAccuracy, 1e-12);
        Assert.Equal(["cat", "dog", "fox"], metrics.ClassNames);
        File.Delete("scores.csv");
    }
}
