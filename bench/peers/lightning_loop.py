"""PyTorch Lightning in one process, from tensors in memory; no logger, bar or checkpoint to cost time."""
import lightning as L
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

from mnist import load
from report import Report
from work import Work


class Classifier(L.LightningModule):
    def __init__(self, work):
        super().__init__()
        self._work = work
        self.net = work.net()

    def training_step(self, batch, _):
        images, labels = batch
        return F.nll_loss(self.net(images), labels)

    def configure_optimizers(self):
        return self._work.optimizer(self.parameters())


class Reporting(L.Callback):
    def on_train_start(self, *_):
        self._report = Report(0, 1)

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx):
        self._report.step(outputs["loss"], len(batch[0]))

    def on_train_end(self, *_):
        self._report.end()


def main(work):
    L.seed_everything(1, workers=True)
    loader = DataLoader(TensorDataset(*load(work.folder)), batch_size=work.batch, shuffle=True)
    precision = "bf16-mixed" if work.precision == "bf16" else "32-true"
    trainer = L.Trainer(accelerator=work.device, devices=1, precision=precision, max_steps=work.steps, max_epochs=-1,
                        callbacks=[Reporting()], logger=False, enable_checkpointing=False, enable_progress_bar=False,
                        enable_model_summary=False)
    trainer.fit(Classifier(work), loader)


main(Work())
