"""The MNIST example with PyTorch Lightning on two ranks, 32 samples each; no logger, bar or checkpoint to cost time."""
import sys

import lightning as L
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

from mnist import Net, load
from report import Report


class Classifier(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = Net()

    def training_step(self, batch, _):
        images, labels = batch
        return F.nll_loss(self.net(images), labels)

    def configure_optimizers(self):
        return torch.optim.Adadelta(self.parameters(), lr=1.0)


class Reporting(L.Callback):
    def on_train_start(self, trainer, _):
        self._report = Report(trainer.global_rank, trainer.world_size)

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx):
        self._report.step(outputs["loss"], len(batch[0]))

    def on_train_end(self, *_):
        self._report.end()


def main(folder, steps):
    L.seed_everything(1, workers=True)
    loader = DataLoader(TensorDataset(*load(folder)), batch_size=32, shuffle=True)
    trainer = L.Trainer(accelerator="cpu", devices=2, strategy="ddp", max_steps=steps, callbacks=[Reporting()],
                        logger=False, enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False)
    trainer.fit(Classifier(), loader)


main(sys.argv[1], int(sys.argv[2]))
