using System.Globalization;
using MLNet.Softmax.Tool.Tables;

namespace MLNet.Softmax.Tool.Tests;

/// <summary>The fast parser gives what .NET's parser gives, bit by bit, or leaves the number to it.</summary>
public sealed class PlainNumberTests
{
    [Fact]
    public void Numbers_AsProgramsWriteThem_AreRoundedAsByDotNet()
    {
        var random = new Random(1);
        var read = 0;
        string[] formats = ["F8", "G9", "R", "E3", "E10", "F2", "0.######", "G17"];
        const int Count = 200_000;
        for (var index = 0; index < Count; index++)
        {
            var number = (random.NextDouble() - .3) * Math.Pow(10, random.Next(-12, 9));
            read += AssertSame(number.ToString(formats[index % formats.Length], CultureInfo.InvariantCulture));
        }

        Assert.InRange(read, Count * 9 / 10, Count);
    }

    /// <summary>Decimals in the middle between two floats, and beside it.</summary>
    [Fact]
    public void Numbers_BetweenTwoFloats_AreRoundedAsByDotNet()
    {
        var random = new Random(2);
        for (var index = 0; index < 20_000; index++)
        {
            var bits = random.Next(BitConverter.SingleToInt32Bits(1e-6f), BitConverter.SingleToInt32Bits(1e6f));
            var middle = ((double)BitConverter.Int32BitsToSingle(bits) + BitConverter.Int32BitsToSingle(bits + 1)) / 2;
            foreach (var number in new[] { Math.BitDecrement(middle), middle, Math.BitIncrement(middle) })
            {
                AssertSame(number.ToString("R", CultureInfo.InvariantCulture));
                AssertSame(number.ToString("G18", CultureInfo.InvariantCulture));
            }
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0.0")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("007")]
    [InlineData("1e5")]
    [InlineData("1E+05")]
    [InlineData("999999999999999999")]
    [InlineData("0.000000000000000000001")]
    public void Numbers_OfAllForms_AreRead(string text) => Assert.Equal(1, AssertSame(text));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("1,5")]
    [InlineData("1e")]
    [InlineData("1e-")]
    [InlineData("e5")]
    [InlineData("1x")]
    [InlineData("--1")]
    [InlineData("nan")]
    [InlineData("16777217")] // In the middle of two floats.
    [InlineData("12345678901234567890")]
    public void WhatIsNoNumberOrNotCertain_IsNotRead(string text) => Assert.False(PlainNumber.TryParse(text, '.', out _));

    [Fact]
    public void DecimalComma_IsTakenWhereItIsAskedFor()
    {
        Assert.True(PlainNumber.TryParse("0,25", ',', out var value));
        Assert.Equal(.25f, value);
        Assert.False(PlainNumber.TryParse("0.25", ',', out _));
    }

    [Fact]
    public void Fields_WithOneSeparator_AreReadFromTheFirstOn()
    {
        var values = new float[4];

        Assert.True(PlainNumber.TryParseFields("0.25;-3e-2;123456.5;7", ';', '.', values));
        Assert.Equal([.25f, -.03f, 123456.5f, 7], values);
        Assert.True(PlainNumber.TryParseFields("0.25;-3e-2;123456.5;7;cat", ';', '.', values));
    }

    [Theory]
    [InlineData("1,2,3")]
    [InlineData("1,2,3,")]
    [InlineData("1,2,3,x")]
    [InlineData("1,2, 3,4")]
    [InlineData("1,\"2\",3,4")]
    [InlineData("1,2,3,4\"")]
    [InlineData("1;2;3;4")]
    [InlineData("")]
    public void Fields_NotAllPlain_AreLeft(string text) => Assert.False(PlainNumber.TryParseFields(text, ',', '.', new float[4]));

    private static int AssertSame(string text)
    {
        if (!PlainNumber.TryParse(text, '.', out var value))
            return 0;
        var expected = float.Parse(text, CultureInfo.InvariantCulture);
        Assert.True(BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(value), $"{text}: {value:G9}");
        return 1;
    }
}
