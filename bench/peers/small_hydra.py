"""Forty small trials as a Hydra multirun: small_hydra.py -m +lr=0.1,0.2,... +seed=1,2,..."""
import hydra

from small_lightning import train


@hydra.main(version_base=None, config_path=None)
def main(config):
    return train(config.lr, config.seed)


main()
