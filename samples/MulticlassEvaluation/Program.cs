using MulticlassEvaluation;

return EvaluationCommand.Run(args);
