import json

import pytest
import torch
from torch import nn

from training.errors import TrainingError
from training.trainer import TrainConfig, choose_device, fit, learning_rate_share


class Line:
    """Fits y = 2 x."""

    def __init__(self):
        torch.manual_seed(3)
        self.model = nn.Linear(1, 1)

    def steps(self, progress):
        return 5

    def batches(self, generator, progress):
        for _ in range(5):
            x = torch.rand(8, 1, generator=generator)
            yield x, 2 * x

    def loss(self, model, batch):
        loss = (model(batch[0]) - batch[1]).square().mean()
        return loss, {}

    def evaluate(self, model):
        return {"weight": float(model.weight.detach())}


CONFIG = TrainConfig(name="line", epochs=4, learning_rate=0.1, ema_decay=0.5)
CPU = torch.device("cpu")


def test_training_learns_logs_and_plots(tmp_path):
    result = fit(Line(), TrainConfig(name="line", epochs=40, learning_rate=0.1, ema_decay=0.5), tmp_path, CPU)
    assert result.history[-1]["loss"] < 0.1 * result.history[0]["loss"]
    lines = [json.loads(text) for text in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == list(range(1, 41))
    assert (tmp_path / "curve.png").stat().st_size > 0


def test_a_resumed_run_ends_where_the_uninterrupted_one_does(tmp_path):
    whole = fit(Line(), CONFIG, tmp_path / "whole", CPU)

    class Interrupted(Line):
        calls = 0

        def loss(self, model, batch):
            self.calls += 1
            if self.calls > 12:
                raise KeyboardInterrupt
            return super().loss(model, batch)

    with pytest.raises(KeyboardInterrupt):
        fit(Interrupted(), CONFIG, tmp_path / "cut", CPU)
    resumed = fit(Line(), CONFIG, tmp_path / "cut", CPU, resume=True)
    assert resumed.epochs == 4
    assert torch.equal(resumed.model.weight, whole.model.weight)


def test_resuming_with_another_configuration_is_refused(tmp_path):
    fit(Line(), CONFIG, tmp_path, CPU)
    other = TrainConfig(name="line", epochs=4, learning_rate=0.2, ema_decay=0.5)
    with pytest.raises(TrainingError, match=r"learning_rate: 0\.1 then, 0\.2 now"):
        fit(Line(), other, tmp_path, CPU, resume=True)


def test_resuming_without_a_checkpoint_is_refused(tmp_path):
    with pytest.raises(TrainingError, match="TRN_NO_CHECKPOINT"):
        fit(Line(), CONFIG, tmp_path, CPU, resume=True)


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU is there")
def test_asking_for_an_absent_gpu_is_an_error():
    with pytest.raises(TrainingError, match="TRN_NO_GPU"):
        choose_device("cuda")


def test_the_rate_warms_up_and_falls():
    shares = [learning_rate_share(p, CONFIG) for p in (0.0, 0.05, 0.5, 1.0)]
    assert shares[0] < 0.02
    assert shares[1] == pytest.approx(1.0)
    assert shares[1] > shares[2] > shares[3] == pytest.approx(CONFIG.final_share)
