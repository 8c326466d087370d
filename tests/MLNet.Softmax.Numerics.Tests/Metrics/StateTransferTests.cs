using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Tests.Metrics;

/// <summary>What is written and read back is the same, and what nobody could have written is refused.</summary>
public sealed class StateTransferTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(256, 1)]
    [InlineData(257, 2)]
    [InlineData(65_536, 2)]
    [InlineData(65_537, 4)]
    public void Indices_OfAnyNumberOfClasses_TakeAsFewBytesAsTheLargestNeeds(int count, int bytesEach)
    {
        int[] indices = [0, count - 1, count / 2, 0, count - 1, Math.Min(count - 1, 255), count / 3];
        var written = Memory.Write(state => state.Indices(indices.ToArray(), count));
        var read = Enumerable.Repeat(-7, indices.Length).ToArray();

        Memory.Read(written, state => state.Indices(read, count));

        Assert.Equal(bytesEach, StateTransfer.IndexSize(count));
        Assert.Equal(indices.Length * bytesEach, written.Length);
        Assert.Equal(indices, read);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(40, true)]
    public void Accumulators_WrittenAndRead_HaveTheSameFigures(int classCount, bool weighted)
    {
        var (first, second) = (PredictionTable.Random(1, 300, classCount, weighted), PredictionTable.Random(2, 20, classCount));
        var before = new Accumulators(classCount);
        before.Add(first);
        before.Add(second);
        var after = new Accumulators(classCount);

        var written = Memory.Write(before.Transfer);
        Memory.Read(written, after.Transfer);

        Assert.Equal(before.Figures(), after.Figures());
        Assert.Equal(written, Memory.Write(after.Transfer));
        // One that was read takes more rows as if it had never been written.
        before.Add(second);
        after.Add(second);
        Assert.Equal(before.Figures(), after.Figures());
    }

    [Fact]
    public void Values_AtALimit_AreReadAndBeyondItRefused()
    {
        const float TopProbability = 1 + ProbabilityBlock.Tolerance;
        Reads<long>(0, state => state.Count(5));
        Reads<byte>(0, state => Assert.False(state.Flag(true)));
        Reads<byte>(1, state => Assert.True(state.Flag(false)));
        Reads(double.MaxValue, state => state.Sums(new double[1].AsSpan()));
        Reads(0f, state => state.Probabilities(new float[1]));
        Reads(TopProbability, state => state.Probabilities(new float[1]));
        Reads(float.MaxValue, state => state.Weights(new float[1]));
        Reads(0f, state => state.Weights(new float[1]));
        Reads(0, state => Assert.Equal(0, state.Length(5, 1)));

        Refuses<long>(-1, "a number of rows is negative", state => state.Count(5));
        Refuses<byte>(2, "a flag is neither 0 nor 1", state => state.Flag(true));
        foreach (var value in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
            Refuses(value, "a sum is not finite", state => state.Sums(new double[1].AsSpan()));
        foreach (var value in (float[])[-float.Epsilon, MathF.BitIncrement(TopProbability), float.NaN])
            Refuses(value, "a probability is not from 0 to 1", state => state.Probabilities(new float[1]));
        foreach (var value in (float[])[-float.Epsilon, float.PositiveInfinity, float.NaN])
            Refuses(value, "a weight is negative or not finite", state => state.Weights(new float[1]));
        Refuses(-1, "a length is negative", state => state.Length(5, 1));
        Refuses<byte>(2, "a class does not exist", state => state.Indices(new int[1], 2));
    }

    /// <summary>One row of two classes, class after class: the probability of its own class is negative.</summary>
    [Theory]
    [InlineData(-0.75f, 0.25f, null)]
    [InlineData(-1.01f, 0f, null)]
    [InlineData(0f, -0f, null)]
    [InlineData(-1.0100001f, 0f, "a probability is not from 0 to 1")]
    [InlineData(-0.5f, 1.0100001f, "a probability is not from 0 to 1")]
    [InlineData(float.NaN, -0.5f, "a probability is not from 0 to 1")]
    [InlineData(0.75f, 0.25f, "a row has not one label")]
    [InlineData(-0.75f, -0.25f, "a row has not one label")]
    public void RocAuc_ReadWithOneRow_HasOneLabelAndProbabilities(float first, float second, string? problem)
    {
        // One chunk of one row, without weights.
        byte[] bytes = [.. MemoryMarshal.AsBytes<int>([1, 1]), .. MemoryMarshal.AsBytes<float>([first, second]), 0];
        void Read() => Memory.Read(bytes, new RocAuc(2).Transfer);
        if (problem is null)
            Read();
        else
            Refusal.Of<InvalidDataException>(Read, problem);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(-1, false)]
    public void Bins_ReadWithRowsThatDoNotExist_AreRefused(long elsewhere, bool isAllowed)
    {
        // One bin has three slots of four sums; then come three sums, the number of rows, and that of rows in other bins.
        byte[] bytes = [.. MemoryMarshal.AsBytes<double>(new double[15]), .. MemoryMarshal.AsBytes<long>([3, elsewhere])];
        void Read() => Memory.Read(bytes, new BinTable(1, new BinLayout(1)).Transfer);
        if (isAllowed)
            Read();
        else
            Refusal.Of<InvalidDataException>(Read, "a number of rows does not exist");
        Assert.Equal(3 * 12 * 32, BinTable.LeastBytes(3, new BinLayout(10)));
    }

    [Fact]
    public void Length_ReadOfMoreThanThereIs_IsRefusedBeforeMemoryIsTaken()
    {
        var written = Memory.Write(state => state.Length(3, 1)).Concat(new byte[12]).ToArray();

        Memory.Read(written, state => Assert.Equal(3, state.Length(0, 4)), atEnd: false);
        Assert.Throws<InvalidDataException>(() => Memory.Read(written, state => state.Length(0, 5), atEnd: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("cat")]
    [InlineData("a long name, with Umlauten: äöü, and 猫")]
    public void Text_WrittenAndRead_IsTheSame(string text) =>
        Memory.Read(Memory.Write(state => Assert.Equal(text, state.Text(text))), state => Assert.Equal(text, state.Text("before")));

    private static void Reads<T>(T value, Action<StateTransfer> read)
        where T : unmanaged => Memory.Read(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray(), read);

    private static void Refuses<T>(T value, string problem, Action<StateTransfer> read)
        where T : unmanaged =>
        Refusal.Of<InvalidDataException>(() => Reads(value, read), $"The saved evaluation is damaged: {problem}. Evaluate the rows again.");

    /// <summary>Writes to memory, or reads from it.</summary>
    private sealed class Memory(byte[]? source) : StateTransfer
    {
        private readonly List<byte> _written = [];
        private int _position;

        public override bool IsReading => source is not null;

        public static byte[] Write(Action<StateTransfer> transfer)
        {
            var memory = new Memory(null);
            transfer(memory);
            return [.. memory._written];
        }

        public static void Read(byte[] bytes, Action<StateTransfer> transfer, bool atEnd = true)
        {
            var memory = new Memory(bytes);
            transfer(memory);
            Assert.True(!atEnd || memory._position == bytes.Length);
        }

        public override void Bytes(Span<byte> bytes)
        {
            if (source is null)
                _written.AddRange(bytes);
            else
                source.AsSpan(_position, bytes.Length).CopyTo(bytes);
            _position += bytes.Length;
        }

        public override void Require(long bytes) => Check(source is null || bytes <= source.Length - _position, "the file ends early");
    }

    /// <summary>One of everything that can be saved.</summary>
    private sealed class Accumulators(int classCount)
    {
        private readonly HeadlineMetrics _headline = new(classCount, BinLayout.Default);
        private readonly TopKAccuracy _topK = new(classCount);
        private readonly ConfusionTable _confusion = new(classCount);
        private readonly ClasswiseCalibration _classwise = new(classCount, BinLayout.Default);
        private readonly RocAuc _roc = new(classCount);

        public void Add(PredictionTable table)
        {
            _headline.Add(table.Outcomes);
            _topK.Add(table.Outcomes);
            _confusion.Add(table.Outcomes);
            _classwise.Add(table.Block);
            _roc.Add(table.Block);
        }

        public void Transfer(StateTransfer state)
        {
            _headline.Transfer(state);
            _topK.Transfer(state);
            _confusion.Transfer(state);
            _classwise.Transfer(state);
            _roc.Transfer(state);
        }

        public double[] Figures() =>
        [
            .. _headline.ToArray(), _headline.LogLoss.StandardError, _headline.LogLoss.ImpossibleRows, _headline.BrierScore.StandardError,
            _headline.Classification.RowCount, _headline.Classification.EffectiveRowCount, .. _topK.ToArray(), .. _roc.ToArray(1),
            .. Enumerable.Range(0, classCount).SelectMany(label => _confusion.Row(label).ToArray()),
            .. Enumerable.Range(0, classCount).SelectMany(label => _classwise.ToBins(label)).Concat(_headline.Calibration.ToBins())
                .SelectMany(bin => new[] { bin.Weight, bin.MeanProbability, bin.ObservedFrequency, bin.Interval.Lower }),
            .. _headline.RiskCoverage.ToPoints().SelectMany(point => new[] { point.Confidence, point.Coverage, point.Risk }),
        ];
    }
}
