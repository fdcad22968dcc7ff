"""Forty small trials as an Optuna study over the same grid, in SQLite."""
import optuna

from small import rates, seeds
from small_lightning import train

optuna.logging.set_verbosity(optuna.logging.WARNING)
grid = {"lr": rates, "seed": seeds}
study = optuna.create_study(storage="sqlite:///study.db", sampler=optuna.samplers.GridSampler(grid))
study.optimize(lambda trial: train(trial.suggest_categorical("lr", rates), trial.suggest_categorical("seed", seeds)),
               n_trials=len(rates) * len(seeds))
