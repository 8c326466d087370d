return HotDogPhotos.PhotosCommand.Run(args);
