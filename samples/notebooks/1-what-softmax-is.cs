// Made from 1-what-softmax-is.ipynb. Change the notebook, then run: dotnet run --project tests/NotebookRunner -- --update
// In another folder, replace the next line with: #:package MLNet.Softmax@*
#:project ../../src/MLNet.Softmax/MLNet.Softmax.csproj
#:property PublishAot=false

using System.Globalization;
using MLNet.Softmax.Numerics;

// # What softmax is
//
// A classifier ends in numbers, one a class: **scores**, or **logits**. They are weighted sums, so they can be anything:
// negative, huge, close together. This notebook turns them into an answer, step by step, and shows why the last step is a
// softmax, what a temperature does to it, and why the loss that goes with it is so pleasant to differentiate.
//
// Everything runs on `MLNet.Softmax.Numerics`, which takes spans and gives spans and knows nothing of ML.NET.

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// ## A layer of weighted sums
//
// A photograph has become four features: how long and thin the thing is, how round, how red, how much rice there is. The
// last layer of a perceptron weighs them, once for each of five dishes, and adds a bias.

string[] dishes = ["hot dog", "burger", "pizza", "sushi", "salad"];
float[] features = [0.9f, 0.2f, 0.6f, 0.1f];
float[,] weights =
{
    { 3.0f, -1.0f, 1.0f, -1.0f },   // hot dog: long
    { -1.0f, 2.5f, 1.5f, -1.0f },   // burger: round
    { -2.0f, 2.0f, 2.5f, -1.0f },   // pizza: round and red
    { 1.5f, 0.5f, -1.0f, 4.0f },    // sushi: rice
    { -1.0f, 0.0f, -0.5f, -1.0f },  // salad
};
float[] biases = [0.1f, 0.3f, 0.2f, -0.3f, 0.9f];

float[] logits = new float[dishes.Length];
for (int dish = 0; dish < dishes.Length; dish++)
{
    logits[dish] = biases[dish];
    for (int feature = 0; feature < features.Length; feature++)
        logits[dish] += weights[dish, feature] * features[feature];
}

for (int dish = 0; dish < dishes.Length; dish++)
    Console.WriteLine($"{dishes[dish],-8} {logits[dish],6:F2}");

// ## Max and argmax: an answer with nothing behind it
//
// The largest score wins. `Max` gives the score, which says little by itself: is 3.10 a lot? `ArgMax` gives the winner
// and throws everything else away: it cannot say whether sushi came close.

Console.WriteLine($"max     {Max.Compute(logits):F2}");
Console.WriteLine($"argmax  {ArgMax.Compute(logits)}, that is {dishes[ArgMax.Compute(logits)]}");

// As a vector, argmax is *one-hot*: 1 for the winner, 0 for the rest. It also has no slope: nudge a score and nothing
// changes, until everything does. A network that must learn from its mistakes cannot use that.
//
// ## Softmax: a distribution
//
// Make every score positive with the exponential, then divide by the sum:
//
// $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$$
//
// The order stays, the parts sum to 1, and every score has a say in every probability.

float[] probabilities = new float[logits.Length];
Softmax.Compute(logits, probabilities);

void Shares(string[] names, float[] values)
{
    for (int i = 0; i < names.Length; i++)
        Console.WriteLine($"{names[i],-8} {values[i],6:P1}");
}

Shares(dishes, probabilities);
Console.WriteLine($"sum      {probabilities.Sum():F4}");

// With two classes, softmax is the logistic function of the difference of the two scores, so a binary classifier is the
// small case of the same thing. Only differences matter: adding the same number to every score changes nothing.

float[] two = [1.2f, -0.3f], pair = new float[2];
Softmax.Compute(two, pair);
Console.WriteLine($"softmax   {pair[0]:F6}");
Console.WriteLine($"logistic  {1 / (1 + MathF.Exp(-(two[0] - two[1]))):F6}");

// ## Why not write it yourself?
//
// Because `exp(1000)` is infinity. The formula taken by its word gives infinity divided by infinity; shifted by the
// largest score, which changes nothing in exact arithmetic, it gives the answer.

float[] large = [1000, 1001, 1002];
float sum = large.Sum(z => MathF.Exp(z));
Console.WriteLine($"by its word  {string.Join("  ", large.Select(z => MathF.Exp(z) / sum))}");

float[] stable = new float[3];
Softmax.Compute(large, stable);
Console.WriteLine($"Softmax      {string.Join("  ", stable.Select(p => p.ToString("F4")))}");

// ## Temperature: how sure to sound
//
// Divide the logits by a temperature $T$ before the softmax. Below 1 the winner takes more, in the limit all (that is
// argmax); above 1 the distribution flattens, in the limit to uniform. The order never changes, so neither does the
// accuracy: temperature is what is left to tune when a network is right often enough but sounds too sure. The third
// notebook fits it to data.

float[] temperatures = [0.25f, 0.5f, 1, 2, 4];
Console.WriteLine("T     " + string.Concat(dishes.Select(dish => $"{dish,9}")));
foreach (float temperature in temperatures)
{
    Softmax.Compute(logits, probabilities, temperature);
    Console.WriteLine($"{temperature,-6}" + string.Concat(probabilities.Select(p => $"{p,9:P1}")));
}

// ## Cross-entropy: the price of a surprise
//
// The photograph was sushi. The **cross-entropy** of the answer is $-\ln p_{\text{sushi}}$: 0 for a certain and right
// answer, more the less probability the truth was given, without limit. It is also called the negative log-likelihood, or
// log-loss.
//
// Computing the softmax and then its logarithm loses digits, and for a very unlikely truth loses everything: $\ln 0$. So
// the two are one operation, through $-\ln p_k = \operatorname{logsumexp}(z) - z_k$.

int truth = Array.IndexOf(dishes, "sushi");
Softmax.Compute(logits, probabilities);
Console.WriteLine($"-ln p        {-MathF.Log(probabilities[truth]):F6}");
Console.WriteLine($"CrossEntropy {CrossEntropy.Loss(logits, truth):F6}");

float[] hopeless = [0, 120, 0];
float[] p = new float[3];
Softmax.Compute(hopeless, p);
float hopelessLoss = CrossEntropy.Loss(hopeless, 0);
Console.WriteLine($"a truth of logit 0 against 120: -ln p is {-MathF.Log(p[0])}, CrossEntropy {hopelessLoss}");

// ## The gradient is p - y
//
// How should the scores change to lower the loss? Write $y$ for the one-hot truth. From $L = \ln\sum_j e^{z_j} - z_k$:
//
// $$\frac{\partial L}{\partial z_i} = \frac{e^{z_i}}{\sum_j e^{z_j}} - [i = k] = p_i - y_i$$
//
// The logarithm undoes the exponential, and what remains is *what was said minus what was true*. Let us not believe it:
// nudge each score, and see how the loss moves.

float[] gradient = new float[logits.Length];
CrossEntropy.LossAndGradient(logits, truth, gradient);

double Loss(double[] z) => Math.Log(z.Sum(Math.Exp)) - z[truth];
double step = 1e-5;
Console.WriteLine("            p - y   nudged");
for (int i = 0; i < logits.Length; i++)
{
    double[] up = [.. logits.Select(z => (double)z)], down = [.. up];
    up[i] += step;
    down[i] -= step;
    Console.WriteLine($"{dishes[i],-8} {gradient[i],8:F5} {(Loss(up) - Loss(down)) / (2 * step),8:F5}");
}

// ## Learning
//
// Follow that gradient downhill, and the truth rises. Here the scores themselves learn; in a network the same p - y flows
// back into the weights, and that is all there is at its top.

float[] learned = [.. logits];
for (int epoch = 0; epoch <= 40; epoch++)
{
    float loss = CrossEntropy.LossAndGradient(learned, truth, gradient);
    if (epoch % 10 == 0)
        Console.WriteLine($"step {epoch,2}: loss {loss:F4}");
    for (int i = 0; i < learned.Length; i++)
        learned[i] -= 0.2f * gradient[i];
}

Softmax.Compute(learned, probabilities);
Shares(dishes, probabilities);

// Next: [Hot dog or not](2-hot-dog-or-not.ipynb) puts this at the end of an ML.NET pipeline.
