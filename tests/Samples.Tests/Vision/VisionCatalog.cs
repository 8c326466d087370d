using Microsoft.ML.Data;
using Microsoft.ML.Vision;

namespace Microsoft.ML;

/// <summary>Stands in for the catalog of Microsoft.ML.Vision.</summary>
public static class VisionCatalog
{
    public static ImageClassificationTrainer ImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, ImageClassificationTrainer.Options options) =>
        new(CatalogUtils.GetEnvironment(catalog), options);
}
