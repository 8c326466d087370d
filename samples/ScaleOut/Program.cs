using System.CommandLine;
using MLNet.Softmax.Samples;
using ScaleOut;

var folder = new Argument<string>("FOLDER") { Description = "Where to write model.onnx and shards/" };
var rows = new Option<int>("--rows") { Description = "How many rows all shards have together", DefaultValueFactory = _ => 20_000 };
var shards = new Option<int>("--shards") { Description = "How many shards", DefaultValueFactory = _ => 8 };
var prepare = new Command("prepare", "Trains softmax regression on handwritten digits, exports it, and writes shards of other digits.")
{
    folder, rows, shards,
};
prepare.SetAction(result =>
{
    var (rowCount, shardCount) = (result.GetValue(rows), result.GetValue(shards));
    if (shardCount < 1 || rowCount < shardCount)
        throw new ArgumentException($"Expected one shard or more, with one row or more in each; found {rowCount} rows in {shardCount}.");
    Preparation.Run(Path.GetFullPath(result.GetValue(folder)!), rowCount, shardCount);
    return 0;
});
return SampleCommand.Run("scale-out", new RootCommand("Makes the work that scale_out.py spreads over machines.") { prepare }, args);
