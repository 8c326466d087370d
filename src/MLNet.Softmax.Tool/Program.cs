return await MLNet.Softmax.Tool.ToolCommand.Run(args, Console.Out, Console.Error);
