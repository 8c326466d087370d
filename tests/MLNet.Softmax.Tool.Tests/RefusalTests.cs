namespace MLNet.Softmax.Tool.Tests;

public sealed class RefusalTests : IDisposable
{
    private readonly ToolRun _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("", "row 1: the file is empty")]
    [InlineData("\n\n", "row 1: the file is empty")]
    [InlineData("0,1,0\n1,0,1\n", "row 1: a header is expected")]
    [InlineData("Label,P0,P1\n", "row 1, column Label: there are no rows below the header")]
    [InlineData("Kind,P0,P1\n0,1,0\n", "row 1: no column is named as labels are; the header has Kind, P0, P1")]
    [InlineData("label,height\n0,0.3\n1,0.7\n", "row 1: beside the labels in label, at least two columns of scores")]
    [InlineData("Label,P0\n0,1\n", "row 1: beside the labels in Label, at least two columns of scores")]
    [InlineData("Label,P0,P0\n0,1,0\n", "row 1, column P0: the header has this name twice")]
    [InlineData("Label,a,a\na,1,0\n", "row 1, column a: the header has this name twice")]
    [InlineData("Label,P0,P1\n0,1,0\n1,0.5,half\n", "row 3, column P1: 'half' is not a number")]
    [InlineData("Label,P0,P1\n0,1\n", "row 2, column P1: is missing; the row has 2 of 3 fields")]
    [InlineData("Label,P0,P1\n0,1,0,0\n", "row 2, column P1: is followed by more; the row has 4 fields")]
    [InlineData("Label\tP0\tP1\nx\t0\t1\t0\n1\t0\t1\n", "row 2, column P1: is followed by more; the row has 4 fields")]
    [InlineData("Label\tP0\tP1\n0\t1\t0\tx\n1\t0\t1\t\n", "row 2, column P1: is followed by more; the row has 4 fields")]
    [InlineData("Label,P0,P1\nx,0,1,0\ny,1,0,1\n", "row 2, column P1: is followed by more; the row has 4 fields")]
    [InlineData("Label,P0,P1\n0,1,0\n2,1,0\n", "row 3, column Label: '2' is none of the classes 0, 1")]
    [InlineData("Label,cat,dog\ncow,1,0\n", "row 2, column Label: 'cow' is none of the classes cat, dog")]
    [InlineData("cat,0.9,0.1\ndog,0.2,0.8\n", "If that is a row of scores, put the names of the columns above it")]
    [InlineData("Label,cat,dog\ncat,-1,\"1,234.5\"\n", "row 2, column dog: '1,234.5' is not a number", "--scores", "cat,dog")]
    [InlineData("label,a,b\n0,\"[0.9, 0.1]\",\"[1, 2]\"\n", "the scores may be a or b. Name the column with --scores")]
    [InlineData("label,p\n0,\"[0.9, 0.1]\"\n1,\"[0.9, 0.1, 0]\"\n", "row 3, column p: '[0.9, 0.1, 0]' is not a list of 2 numbers")]
    [InlineData("label,p\n0,[0.9]\n0,[0.8]\n", "row 1, column p: at least two classes are expected; found 1.")]
    [InlineData("[{\"label\":\"cat\"}]", "broken.csv is JSON. Save the scores as CSV or Parquet")]
    [InlineData("PK\u0003\u0004", "broken.csv is a ZIP archive or a spreadsheet such as .xlsx")]
    [InlineData("Label,P0,P1\n0,0.52,0.63\n", "row 2, column P0 to P1: the probabilities sum to 1.15, not to 1. If a column")]
    [InlineData("Label,P0,P1\n0,0.5,0.5\n1,90,10\n", "row 3, column P0 to P1: the probabilities sum to 100, not to 1")]
    [InlineData("Label,P0,P1\n0,-3,4\n", "row 2, column P0: -3 is not a probability. For raw scores say", "--score-kind", "probabilities")]
    [InlineData("Label,P0,P1\n0,1,0\n1,0,1\n", "all rows are probabilities, which a softmax would flatten", "--score-kind", "logits")]
    [InlineData("Label,P0,P1\n0,1,0\n", ": --class-names gives 3 names, but there are 2 classes", "--class-names", "a,b,c")]
    [InlineData("Label,P0,P1\n0,1,0\n", "column Label: it cannot hold the labels and scores", "--scores", "Label,P0", "--label", "Label")]
    [InlineData("y,probability\n0,0.5\n", "one probability a row is for two classes, but --class-names gives 3", "--class-names", "a,b,c")]
    [InlineData("y,probability\n0,0\n1,1\n0,1.5\n", "row 4, column probability: 1.5 is not a probability, which is from 0 to 1")]
    [InlineData("y,probability\n0,-0.01\n", "row 2, column probability: -0.01 is not a probability, which is from 0 to 1")]
    [InlineData("Label,P0,P1\n0,50,50\n1,90,20\n", "row 3, column P0 to P1: the probabilities sum to 110, not to 100",
        "--score-kind", "probabilities")]
    [InlineData("Label,P0,P1\n0,50,50\n1,0.5,0.5\n", "row 3, column P0 to P1: the probabilities sum to 1, not to 100")]
    [InlineData("Label,P0,P1\n0,50,50\n1,-10,110\n", "row 3, column P0: -10 is not a probability. For raw scores say",
        "--score-kind", "probabilities")]
    [InlineData(
        "label,p\n0,\"[0.9, 0.1]\"\n1,\"[0.25, 1.5]\"\n", "row 3, column p: 1.5 is not a probability. For raw scores say",
        "--score-kind", "probabilities")]
    [InlineData("Label,cat,dog\n,0.9,0.1\n", "No row can be evaluated. Rows left out: 1 without a label.")]
    [InlineData("Label,P0,P1\n0,nan,1\n", "Rows left out: 1 with NaN or otherwise unusable scores.", "--score-kind", "logits")]
    [InlineData("label,cat\ncat,x\n", "at least two columns of scores are expected, one a class; found none. Name them with --scores")]
    [InlineData("Label,P0,P1\n0,1,0\n", "column weight: is missing; the header has Label, P0, P1", "--ignore", "weight")]
    [InlineData("Label,P0,P1\n0,1,0\n", "names the class 'dog', but the classes are 0, 1", "--threshold", "dog=0.5")]
    [InlineData("Label,P0,P1\n0,1,0\n", "names the class '', but the classes are 0, 1", "--threshold", "=0.5")]
    public void BrokenFile_EndsInOneLineNamingFileRowAndColumn(string content, string expected, params string[] arguments)
    {
        var file = _tool.Write("broken.csv", content);
        ToolRun.Run(["evaluate", file, .. arguments]).AssertRefused(expected);
        Assert.Equal([file], Directory.GetFiles(_tool.Folder));
    }

    /// <summary>Behind the first 200 rows, which are read in another way.</summary>
    [Theory]
    [InlineData("0,1\n", "row 302, column P1: is missing; the row has 2 of 3 fields")]
    [InlineData("0\n", "row 302, column P0: is missing; the row has 1 of 3 fields")]
    [InlineData("0,1,0,0\n", "row 302, column P1: is followed by more; the row has 4 fields, and the header has 3")]
    [InlineData("0,1,x\n", "row 302, column P1: 'x' is not a number")]
    [InlineData("0,x,1\n", "row 302, column P0: 'x' is not a number")]
    [InlineData("2,1,0\n", "row 302, column Label: '2' is none of the classes 0, 1")]
    [InlineData("0,1,0,\n\n \n1,0,1\n0,1\n", "row 306, column P1: is missing")]
    public void BrokenRow_BehindManyOthers_IsNamed(string row, string expected)
    {
        var rows = string.Concat(Enumerable.Repeat("0,0.75,0.25\n1,0.25,0.75\n", 150));
        var error = ToolRun.Run("evaluate", _tool.Write("many.csv", $"Label,P0,P1\n{rows}{row}0,1,0\n")).Error;
        Assert.StartsWith($"softmax: many.csv, {expected}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no file nowhere.csv", "evaluate", "nowhere.csv")]
    [InlineData("has no score files", "evaluate", "FOLDER")]
    [InlineData("'odds'", "evaluate", "FILE", "--score-kind", "odds")]
    [InlineData("--label is empty", "evaluate", "FILE", "--label", " ")]
    [InlineData("--threshold is 1.5", "evaluate", "FILE", "--threshold", "1.5")]
    [InlineData("--save is FOLDER", "calibrate", "FILE", "--save", "FOLDER")]
    [InlineData("--report is FOLDER", "evaluate", "FILE", "--report", "FOLDER")]
    [InlineData("cannot be given together", "evaluate", "FILE", "--calibrate-on", "0.5", "--compare", "FILE")]
    [InlineData("There are 1 rows; --calibrate-on needs some", "evaluate", "FILE", "--calibrate-on", "0.5")]
    [InlineData("A share of standard input cannot be known", "evaluate", "-", "--calibrate-on", "0.5")]
    [InlineData("--decide and --threshold cannot be given together", "evaluate", "FILE", "--decide", "P0", "--threshold", "0.5")]
    [InlineData("--state and --decide cannot be given together", "evaluate", "FILE", "--decide", "P0", "--state", "FOLDER/a.state")]
    [InlineData("--state and --costs cannot be given together", "evaluate", "FILE", "--costs", "FILE", "--state", "FOLDER/a.state")]
    [InlineData("--threshold is -0.1, but", "evaluate", "FILE", "--threshold", "-0.1")]
    [InlineData("--threshold is a=1.01, but", "evaluate", "FILE", "--threshold", "a=1.01")]
    [InlineData("--threshold is half, but", "evaluate", "FILE", "--threshold", "half")]
    [InlineData("--report is FOLDER/none/a.html", "evaluate", "FILE", "--report", "FOLDER/none/a.html")]
    [InlineData("--report is FOLDER, but", "merge", "FILE", "--report", "FOLDER")]
    [InlineData("--state is FOLDER, but", "merge", "FILE", "--state", "FOLDER")]
    [InlineData("--compare is empty", "evaluate", "FILE", "--compare", "")]
    public void WrongArguments_EndInOneLine(string expected, params string[] arguments)
    {
        var empty = Directory.CreateDirectory(Path.Combine(_tool.Folder, "empty")).FullName;
        var file = _tool.Write("scores.csv", "Label,P0,P1\n0,0.9,0.1\n");
        string Fill(string text) => text.Replace("FOLDER", empty, StringComparison.Ordinal).Replace("FILE", file, StringComparison.Ordinal);
        ToolRun.Run([.. arguments.Select(Fill)]).AssertRefused(Fill(expected));
    }

    [Theory]
    [InlineData("cut.csv.gz")]
    [InlineData("cut.parquet")]
    [InlineData("quote.csv")]
    public void DamagedFile_IsRefused(string name)
    {
        var packed = File.ReadAllBytes(Repository.TestData("cases/q_gz.csv.gz"));
        var file = Path.Combine(_tool.Folder, name);
        File.WriteAllBytes(file, name switch
        {
            "cut.csv.gz" => packed[..^10],
            "cut.parquet" => "PAR1 and so on"u8.ToArray(),
            _ => [.. "Label,P0,P1\n0,1,\"0\n"u8, .. Enumerable.Repeat((byte)'1', 1 << 24)],
        });
        ToolRun.Run("evaluate", file).AssertRefused($"{name}: the file is damaged");
    }

    [Theory]
    [InlineData("504B0304", "a ZIP archive or a spreadsheet such as .xlsx")]
    [InlineData("4152524F57310000", "an Arrow or Feather file")]
    [InlineData("46454131", "a Feather file")]
    [InlineData("934E554D5059", "a NumPy array")]
    [InlineData("8004", "a pickled Python object")]
    [InlineData("894844460D0A1A0A", "an HDF5 file")]
    [InlineData("425A6839", "compressed with bzip2")]
    [InlineData("FD377A585A00", "compressed with xz")]
    [InlineData("28B52FFD", "compressed with zstd")]
    [InlineData("7B", "JSON")]
    [InlineData("5B", "JSON")]
    public void FileOfAnotherFormat_IsNamed(string start, string format)
    {
        var file = Path.Combine(_tool.Folder, "scores");
        File.WriteAllBytes(file, Convert.FromHexString(start));
        ToolRun.Run("evaluate", file).AssertRefused($"softmax: scores is {format}. Save the scores as CSV or Parquet.");
    }
}
