return HotDog.HotDogCommand.Run(args);
