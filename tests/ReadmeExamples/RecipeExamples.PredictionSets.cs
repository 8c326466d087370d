using Microsoft.ML;
using Microsoft.ML.Data;

namespace ReadmeExamples;

public partial class RecipeExamples
{
    [Fact]
    public void PredictionSet_ThatHoldsTheTruth()
    {
        var model = Classifier();

        #region prediction sets
        var sets = mlContext.MulticlassClassification.Calibrators.PredictionSet(coverage: 0.9).Fit(model.Transform(heldOut));
        string[] plausible = sets.Transform(model.Transform(test)).GetColumn<string[]>("PredictionSet").First();
        #endregion

        Assert.InRange(plausible.Length, 1, 3);
    }
}
