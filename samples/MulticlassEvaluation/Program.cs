using MLNet.Softmax.Samples;
using MulticlassEvaluation;

return SampleCommand.Run("multiclass-evaluation", EvaluationCommand.Create(), args);
