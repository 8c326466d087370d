namespace MLNet.Softmax.Tool.Tests;

/// <summary>Which columns hold what, as the first line of the output says, and the log-loss that follows from reading them so.</summary>
public sealed class LayoutTests : IDisposable
{
    /// <summary>(-ln .9 - ln .8) / 2.</summary>
    private const double Loss = 0.164252033486018;

    private readonly ToolRun _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("Label,P0,P1\n0,0.9,0.1\n1,0.2,0.8\n", "label: Label; probabilities: P0, P1")]
    [InlineData("label\tno\tyes\nno\t0.9\t0.1\nyes\t0.2\t0.8\n", "label: label; probabilities: no, yes")]
    [InlineData("y_true;prob_cat;prob_dog\ncat;0,9;0,1\ndog;0,2;0,8\n", "label: y_true; probabilities: prob_cat, prob_dog")]
    [InlineData("id,y_true,prob_cat,prob_dog,y_pred,correct\n7,cat,0.9,0.1,cat,1\n8,dog,0.2,0.8,dog,1\n",
        "label: y_true; probabilities: prob_cat, prob_dog; row id: id; ignored: y_pred, correct")]
    [InlineData("target,p(cat),p(dog)\ncat,0.9,0.1\ndog,0.2,0.8\n", "label: target; probabilities: p(cat), p(dog)")]
    [InlineData("class,\"Scored Probabilities for Class \"\"cat\"\"\",\"Scored Probabilities for Class \"\"dog\"\"\",Scored Labels\n"
        + "cat,0.9,0.1,cat\ndog,0.2,0.8,dog\n",
        "label: class; probabilities: Scored Probabilities for Class \"cat\", Scored Probabilities for Class \"dog\"; "
        + "ignored: Scored Labels")]
    [InlineData("Label\tScore.cat\tScore.dog\tPredictedLabel\ncat\t0.9\t0.1\tcat\ndog\t0.2\t0.8\tdog\n",
        "label: Label; probabilities: Score.cat, Score.dog; ignored: PredictedLabel")]
    [InlineData("Label,P0,P1,P2\n0,0.9,0.1,0\n1,0.2,0.8,0\n", "label: Label; probabilities: P0, P1, P2")]
    [InlineData("Label,P3,P7\n3,0.9,0.1\n7,0.2,0.8\n", "label: Label; probabilities: P3, P7")]
    [InlineData("label,0,1,2\n0,0.9,0.1,0\n1,0.2,0.8,0\n", "label: label; probabilities: 0, 1, 2")]
    [InlineData("Label,cat,dog\n0,0.9,0.1\n1,0.2,0.8\n", "label: Label; probabilities: cat, dog")]
    [InlineData("Label,prob_0,prob_1\n0.0,0.9,0.1\n1.0,0.2,0.8\n", "label: Label; probabilities: prob_0, prob_1")]
    [InlineData("Label,prob_0,prob_1\nFalse,0.9,0.1\nTrue,0.2,0.8\n", "label: Label; probabilities: prob_0, prob_1")]
    [InlineData("y,probability\n0,0.1\n1,0.8\n", "label: y; probabilities: probability (of 1)")]
    [InlineData("truth,prob\nfalse,0.1\ntrue,0.8\n", "label: truth; probabilities: prob (of true)")]
    [InlineData("Label,cat,dog,comment\ncat,0.9,0.1,fine\ndog,0.2,0.8,\"a\nlong one\"\n",
        "label: Label; probabilities: cat, dog; ignored: comment")]
    [InlineData("Label,cat,dog,predicted_label\ncat,0.9,0.1,0\ndog,0.2,0.8,1\n",
        "label: Label; probabilities: cat, dog; ignored: predicted_label")]
    [InlineData("target,False,True\nFalse,0.9,0.1\nTrue,0.2,0.8\n", "label: target; probabilities: False, True")]
    [InlineData("Label,hit,file\nhit,0.9,0.1\nfile,0.2,0.8\n", "label: Label; probabilities: hit, file")]
    [InlineData("Unnamed: 0,Label,cat,dog,log_loss\n0,cat,0.9,0.1,.1\n1,dog,0.2,0.8,.2\n",
        "label: Label; probabilities: cat, dog; ignored: Unnamed: 0, log_loss")]
    [InlineData("y_true,y_pred\n0,0.1\n1,0.8\n", "label: y_true; probabilities: y_pred (of 1)")]
    [InlineData("label,probs\n0,\"[0.9, 0.1]\"\n1,[0.2 0.8]\n", "label: label; probabilities: probs (lists of 2)")]
    [InlineData("truth,.pred_class,.pred_cat,.pred_dog,.row\ncat,cat,0.9,0.1,1\ndog,dog,0.2,0.8,2\n",
        "label: truth; probabilities: .pred_cat, .pred_dog; ignored: .pred_class, .row")]
    [InlineData("predict,p0,p1,label\n0,0.9,0.1,0\n1,0.2,0.8,1\n", "label: label; probabilities: p0, p1; ignored: predict")]
    [InlineData("predict,cat,dog,actual\ncat,0.9,0.1,cat\ndog,0.2,0.8,dog\n",
        "label: actual; probabilities: cat, dog; ignored: predict")]
    [InlineData("label,Cat,Dog\n cat,0.9,0.1\nDOG ,0.2,0.8\n", "label: label; probabilities: Cat, Dog")]
    [InlineData("label,cat,dog\ncat,90%,10%\ndog,20.0%,80%\n", "label: label; probabilities: cat, dog")]
    [InlineData("label,cat,dog,\ncat,0.9,0.1,\ndog,0.2,0.8,\n", "label: label; probabilities: cat, dog; ignored: (no name)")]
    [InlineData("label,cat,dog\ncat,0.9,0.1,\ndog,0.2,0.8,\n", "label: label; probabilities: cat, dog")]
    [InlineData("# by a program\n# on Monday\nlabel,cat,dog\ncat,0.9,0.1\ndog,0.2,0.8\n", "label: label; probabilities: cat, dog")]
    [InlineData("# label,p0,p1\n0.0,9.0e-01,1.0e-01\n1.0,2.0e-01,8.0e-01\n", "label: label; probabilities: p0, p1")]
    [InlineData("\uFEFFlabel,cat,dog\rcat,0.9,0.1\rdog,0.2,0.8\r", "label: label; probabilities: cat, dog")]
    [InlineData("label,\"a;b\",\"c,d\"\n\"a;b\",0.9,0.1\n\"c,d\",0.2,0.8\n", "label: label; probabilities: a;b, c,d")]
    [InlineData("sep=;\r\nlabel;cat;dog\r\ncat;0,9;0,1\r\ndog;0,2;0,8\r\n", "label: label; probabilities: cat, dog")]
    [InlineData("\"label\" \"cat\" \"dog\"\n\"cat\" 0.9 0.1\n\"dog\" 0.2 0.8\n", "label: label; probabilities: cat, dog")]
    [InlineData("\"label\" \"cat\" \"dog\"\n\"1\" \"cat\" 0.9 0.1\n\"2\" \"dog\" 0.2 0.8\n",
        "label: label; probabilities: cat, dog; ignored: (no name)")]
    [InlineData("label,x1,x2,prob_cat,prob_dog\ncat,1.5,2,0.9,0.1\ndog,1,2,0.2,0.8\n",
        "label: label; probabilities: prob_cat, prob_dog; ignored: x1, x2")]
    [InlineData("label,cat,dog\ncat,-0.10536052,-2.3025851\ndog,-1.6094379,-0.22314355\n", "label: label; logits: cat, dog")]
    public void Columns_AsPeopleHaveThem_AreRecognised(string content, string layout)
    {
        var file = _tool.Write("scores.csv", content);
        var result = ToolRun.Run("evaluate", file);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(layout, result.Output.Split('\n')[0].TrimEnd());
        Assert.Equal(Loss, ToolRun.Evaluate(file).Figure("logLoss"), 1e-6);
    }

    /// <summary>Which column is meant, if several may be, and what options with a star stand for.</summary>
    [Theory]
    [InlineData("target,label,p0,p1", "x,#", "label: label; probabilities: p0, p1; ignored: target")]
    [InlineData("id,name,label,p0,p1", "x,y,#", "label: label; probabilities: p0, p1; ignored: id, name")]
    [InlineData("id,name,label,p0,p1", "x,y,#", "label: label; probabilities: p0, p1; row id: name; ignored: id", "--row-id", "name")]
    [InlineData("id,name,label,p0,p1", "x,y,#", "label: label; probabilities: p0, p1; row id: id; ignored: name", "--ignore", "name")]
    [InlineData("label,p0,p1", "#", "label: label; probabilities: p0, p1", "--scores", "*")]
    [InlineData("label,p0,p1", "#", "label: label; probabilities: p0, p1", "--scores", "p0,p*")]
    [InlineData("label,p0,p1,x1,x2", "#,1,2", "label: label; probabilities: p0, p1; ignored: x1, x2", "--ignore", "x*")]
    [InlineData("label,p0,p1,x*,x2", "#,a,0.5", "label: label; probabilities: p0, p1; ignored: x*, x2", "--ignore", "x*,x2")]
    [InlineData("w,label,a,b,d", "2,#,0", "label: label; probabilities: a, b; decision: d; weight: w", "--weights", "w", "--decide", "d")]
    [InlineData("label,p0,p1,a", "#,0.5", "label: label; probabilities: p0, p1; ignored: a", "--scores", "p0,p1")]
    [InlineData("label,logit_0,logit_1", "#", "label: label; probabilities: logit_0, logit_1")]
    public void Columns_ThatAreNamedOrMeant_AreTaken(string header, string row, string layout, params string[] options)
    {
        string Row(string labelAndScores) => row.Replace("#", labelAndScores, StringComparison.Ordinal) + "\n";
        var file = _tool.Write("scores.csv", $"{header}\n{Row("0,0.9,0.1")}{Row("1,0.2,0.8")}");
        var result = ToolRun.Run(["evaluate", file, .. options]);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(layout, result.Output.Split('\n')[0].TrimEnd());
        Assert.Equal(Loss, ToolRun.Evaluate(file, options).Figure("logLoss"), 1e-6);
    }

    [Theory]
    [InlineData("Label,label,p0,p1", "the labels may be in Label or label. Name the column with --label")]
    [InlineData("label,p0,p1,x", "column z*: is missing; the header has label, p0, p1, x.", "--ignore", "z*")]
    public void Columns_ThatAreNotCertain_AreRefused(string header, string expected, params string[] options) =>
        ToolRun.Run(["evaluate", _tool.Write("scores.csv", $"{header}\n0,0.9,0.1,0\n"), .. options]).AssertRefused(expected);

    /// <summary>Rows after the first 200 are read in another way, in which a quote or a decimal comma must not be lost.</summary>
    [Theory]
    [InlineData("label,cat,dog", "cat,0.9,0.1", "dog, 0.2, 0.8")]
    [InlineData("label,cat,dog", "cat,\"0.9\",0.1", "dog,0.2,\"0.8\"")]
    [InlineData("cat,dog,label", "0.9,\"0.1\",cat", "\"0.2\",0.8,\"dog\"")]
    [InlineData("cat,label,dog", "0.9,cat,0.1", "0.2,dog,0.8")]
    [InlineData("label;cat;dog", "cat;0,9;0,1", "dog;0,2;8e-1")]
    [InlineData("p0,p1,label", "\"0,9\",\"0,1\",0", "\"0,2\",\"0,8\",1")]
    [InlineData("p0,p1,label", "\"0,72\",\"0,28\",0", "0,1,1")]
    public void ManyRows_OfUnlikeFields_AreReadLikeTheFirst(string header, string one, string other)
    {
        var file = _tool.Write("scores.csv", $"{header}\n{string.Concat(Enumerable.Repeat($"{one}\n{other}\n", 200))}");

        Assert.Equal(Loss, ToolRun.Evaluate(file).Figure("logLoss"), 1e-6);
    }

    [Theory]
    [InlineData("Score,Label\n0.9,no\n0.2,yes\n", "Give both names", "--class-names", "yes,no", 0.164252)]
    [InlineData("Score,Label\n0.9,a\n0.2,b\n", "Give both names", "--class-names", "b,a", 0.164252)]
    [InlineData("truth,y,P0,P1\n1,0,0.9,0.1\n0,1,0.2,0.8\n", "the labels may be in truth or y", "--label", "y", 0.164252)]
    [InlineData("outcome,P0,P1\n0,0.9,0.1\n1,0.2,0.8\n", "no column is named as labels are", "--label", "outcome", 0.164252)]
    [InlineData("Label,prob_0,prob_1,logit_0,logit_1\n0,0.9,0.1,1,2\n1,0.2,0.8,1,2\n",
        ": the scores may be the columns prob_0 to prob_1 or logit_0 to logit_1", "--scores", "prob_0,prob_1", 0.164252)]
    [InlineData("Label,cat,dog,batch\ncat,0.9,0.1,0\ndog,0.2,0.8,0\n", "batch: no label has this name, and it holds only whole numbers",
        "--ignore", "batch", 0.164252)]
    [InlineData("Label,cat,dog\n1,0.9,0.1\n2,0.2,0.8\n", "may count from 0 or from 1", "--class-names", "1,2", 0.164252)]
    [InlineData("Label,extra,cat,dog\ncat,0.3,0.9,0.1\ndog,0.4,0.2,0.8\n", "the probabilities sum to 1.3", "--scores", "cat,dog", 0.164252)]
    public void Columns_ThatCanBeReadInTwoWays_AreRefusedWithTheWayOut(
        string content, string expected, string option, string value, double loss)
    {
        var file = _tool.Write("scores.csv", content);
        ToolRun.Run("evaluate", file).AssertRefused("scores.csv", expected, option);
        Assert.Equal(loss, ToolRun.Evaluate(file, option, value).Figure("logLoss"), 1e-5);
    }

    /// <summary>A column of numbers that may be a class: a note names it, but none that occurs as a label.</summary>
    [Fact]
    public void ClassesWithoutRows_AreNamedInANote()
    {
        var file = _tool.Write("scores.csv", "Label,cat,age,dog,size\ncat,3,0.25,-0.5,1.5\ndog,-1,0.5,2,0.25\n");
        string[] notes = [.. ToolRun.Evaluate(file).GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)];
        Assert.Contains("No label is age, size, although that column was read as a class. If it is not one, say --ignore with its name.",
            notes);
        var without = ToolRun.Evaluate(file, "--ignore", "age,size").GetProperty("notes").ToString();
        Assert.DoesNotContain("No label is", without, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Label,cat,a,b,c,d,e,f\ncat,3,0.5,0.5,0.5,0.5,0.5,-0.5\n", "No label is a, b, c, d, e, although that column")]
    [InlineData("Label,cat,a,b\ncat,3,0.5,-0.5\na,0.5,2,0.5\n", "No label is b, although that column")]
    [InlineData("Label,p0,p1,p2\n0,3,0.5,-0.5\n", null)]
    [InlineData("Label,prob_cat,prob_dog\ncat,3,-0.5\n", null)]
    public void ClassesWithoutRows_UpToFive_AreNamedUnlessTheirColumnsAreCertain(string content, string? expected)
    {
        var notes = ToolRun.Evaluate(_tool.Write("scores.csv", content)).GetProperty("notes");
        Assert.Equal(expected is null ? 0 : 1, notes.GetArrayLength());
        if (expected is not null)
            Assert.StartsWith(expected, notes[0].GetString(), StringComparison.Ordinal);
    }

    /// <summary>On the command line as in the file: a name with a comma stands in quotation marks.</summary>
    [Theory]
    [InlineData("--scores", "\"red, hot\",\"6\"\" dog\"")]
    [InlineData("--class-names", "\"red, hot\", \"6\"\" dog\"")]
    public void Names_WithCommasAndQuotes_CanBeGiven(string option, string names)
    {
        var file = _tool.Write("scores.csv", "label,\"red, hot\",\"6\"\" dog\"\n\"red, hot\",0.9,0.1\n\"6\"\" dog\",0.2,0.8\n");
        Assert.Equal(Loss, ToolRun.Evaluate(file, option, names).Figure("logLoss"), 1e-6);
    }

    /// <summary>As pandas, R and databases write them.</summary>
    [Fact]
    public void MissingLabelsAndScores_AreCounted()
    {
        var file = _tool.Write(
            "scores.csv", "label,cat,dog\ncat,0.9,0.1\nNA,0.2,0.8\nNaN,0.2,0.8\n,0.2,0.8\ndog,0.2,0.8\ndog,NA,0.8\ndog,,0.8\n");
        var result = ToolRun.Evaluate(file);
        var left = result.GetProperty("rowsLeftOut");
        Assert.Equal((2, 3, 2), (result.Rows(), left.GetProperty("missingLabel").GetInt32(), left.GetProperty("notFinite").GetInt32()));
        Assert.Equal(Loss, result.Figure("logLoss"), 1e-6);
    }

    [Theory]
    [InlineData("# one\n# two\nlabel,cat,dog\ncat,0.9,0.1\ncow,0.2,0.8\n")]
    [InlineData("# one\nsep=;\nlabel;cat;dog\ncat;0.9;0.1\ncow;0.2;0.8\n")]
    [InlineData("# one\n# two\n# label,cat,dog\n0,0.9,0.1\ncow,0.2,0.8\n")]
    public void LinesAboveTheHeader_CountAsRows(string content) =>
        ToolRun.Run("evaluate", _tool.Write("scores.csv", content)).AssertRefused("scores.csv, row 5, column label: 'cow'");

    [Fact]
    public void Logits_AreFoundFromTheFirstRows()
    {
        var file = _tool.Write("scores.csv", "Label,a,b\na,3,-0.5\nb,-1,2\nb,0.5,3\n");
        // The mean of ln(1 + e^-d) for the differences 3.5, 3 and 2.5.
        Assert.Equal(0.0524091, ToolRun.Evaluate(file).Figure("logLoss"), 1e-6);
        Assert.Equal(0.0524091, ToolRun.Evaluate(file, "--score-kind", "auto").Figure("logLoss"), 1e-6);
    }

    /// <summary>Log-losses by hand: the mean of -ln(probability of the true class), of rows that sum to 1.</summary>
    [Theory]
    [InlineData("a_rounded2.csv", 0.17935, "divided by their sum: 1.")] // (-ln .76 - ln(.91 / .99)) / 2
    [InlineData("c_probabilities_as_logits.csv", 0.02020, "3 rows")] // -ln .98
    [InlineData("d_index_column.csv", 0.05241, "ignored: (no name)")] // ln(1 + e^-d), d = 3.5, 3, 2.5
    [InlineData("e_predicted_column.csv", 0.05241, "ignored: Predicted")]
    [InlineData("f_flag_column.csv", 0.16425, "ignored: is_test")]
    [InlineData("h_label_bool.csv", 0.16425, "2 rows")] // (-ln .9 - ln .8) / 2
    [InlineData("k_semicolon.csv", 0.16425, "2 rows")]
    [InlineData("n_percent.csv", 0.16425, "The scores are percentages")]
    [InlineData("o_multiline_quoted.csv", 0.16425, "2 rows")]
    [InlineData("q_gz.csv.gz", 0.16425, "2 rows")]
    [InlineData("u_two_extra.csv", 0.16425, "ignored: y_pred, correct")]
    [InlineData("v_onebased.csv", 0.22314, "3 rows")] // -ln .8
    [InlineData("x_constant_sorted.csv", 0.61086, "100 rows")] // -.7 ln .7 - .3 ln .3
    public void Cases_GiveTheRightLoss(string file, double loss, string expected)
    {
        var path = Repository.TestData($"cases/{file}");
        Assert.Contains(expected, ToolRun.Run("evaluate", path).Output, StringComparison.Ordinal);
        Assert.Equal(loss, ToolRun.Evaluate(path).Figure("logLoss"), 1e-4);
    }

    [Theory]
    [InlineData("k_semicolon.csv")]
    [InlineData("q_gz.csv.gz")]
    public void ATable_ClosesItsFile(string file)
    {
        using var stream = File.OpenRead(Repository.TestData($"cases/{file}"));
        Tables.Table.Open(file, stream).Dispose();
        Assert.False(stream.CanRead);
    }
}
