if (args is ["evaluate", ..])
    _ = MLNet.Softmax.Tool.WarmUp.Start();
return await MLNet.Softmax.Tool.ToolCommand.Run(args, Console.Out, Console.Error);
