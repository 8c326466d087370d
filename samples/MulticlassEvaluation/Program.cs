Console.WriteLine("Being written.");
