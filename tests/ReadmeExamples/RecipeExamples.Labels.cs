using Microsoft.ML;
using Microsoft.ML.Data;

namespace ReadmeExamples;

public partial class RecipeExamples
{
    [Fact]
    public void SeveralLabels_OfARow()
    {
        var model = Classifier();

        #region several labels
        var top = mlContext.Transforms.TopK("Top", "Probability", k: 2).Fit(model.Transform(heldOut));
        var sets = mlContext.MulticlassClassification.Calibrators.PredictionSet(coverage: 0.9).Fit(model.Transform(heldOut));

        var answers = model.Append(top).Append(sets).Transform(test);
        string[] mostProbable = answers.GetColumn<string[]>("TopLabels").First();   // their probabilities: TopScores
        string[] plausible = answers.GetColumn<string[]>("PredictionSet").First();
        #endregion

        Assert.Equal(2, mostProbable.Length);
        Assert.InRange(plausible.Length, 1, 3);
    }
}
