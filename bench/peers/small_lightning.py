"""A small trial with PyTorch Lightning: its CSV logger and its usual checkpoint, no bar and no summary."""
import logging
import warnings

import lightning as L
import torch
import torch.nn.functional as F
from lightning.pytorch.loggers import CSVLogger
from torch.utils.data import DataLoader, TensorDataset

from small import batch, data, network, steps

warnings.filterwarnings("ignore")
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


class Classifier(L.LightningModule):
    def __init__(self, lr):
        super().__init__()
        self.save_hyperparameters()
        self.net = network()

    def training_step(self, chosen, _):
        loss = F.cross_entropy(self.net(chosen[0]), chosen[1])
        self.log("train_loss", loss)
        return loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=self.hparams.lr)


def train(lr, seed):
    L.seed_everything(seed)
    loader = DataLoader(TensorDataset(*data()), batch, shuffle=True)
    trainer = L.Trainer(accelerator="cpu", max_steps=steps, enable_progress_bar=False, enable_model_summary=False,
                        logger=CSVLogger("runs"), default_root_dir="runs")
    trainer.fit(Classifier(lr), loader)
    return trainer.callback_metrics["train_loss"].item()
