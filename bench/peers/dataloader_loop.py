"""The classic PyTorch example: a Dataset that transforms each image, and a DataLoader."""
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from work import Work, endless


class Mnist(Dataset):
    """As torchvision's with ToTensor and Normalize, which are not among what the peers need."""

    def __init__(self, folder):
        self._images = np.fromfile(f"{folder}/train-images-idx3-ubyte", np.uint8, offset=16).reshape(-1, 28, 28)
        self._labels = np.fromfile(f"{folder}/train-labels-idx1-ubyte", np.uint8, offset=8)

    def __len__(self):
        return len(self._images)

    def __getitem__(self, index):
        image = torch.from_numpy(self._images[index]).unsqueeze(0).float().div_(255)
        return image.sub_(0.1307).div_(0.3081), int(self._labels[index])


work = Work()
torch.manual_seed(1)
work.train(endless(DataLoader(Mnist(work.folder), batch_size=work.batch, shuffle=True)))
