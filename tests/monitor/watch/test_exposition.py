"""Many expositions as one, read back with the Prometheus client's own parser."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from monitor.watch.exposition import merge

Sample = tuple[str, frozenset[tuple[str, str]], float]


def by_name(sample: Sample) -> tuple[str, list[tuple[str, str]]]:
    return sample[0], sorted(sample[1])


def samples(text: str) -> list[Sample]:
    families = text_string_to_metric_families(text)
    return sorted(
        (
            (item.name, frozenset(item.labels.items()), item.value)
            for family in families
            for item in family.samples
        ),
        key=by_name,
    )


def measured(amount: float, label: str = "GET") -> str:
    registry = CollectorRegistry()
    Counter("requests_total", "Requests.", ["method"], registry=registry).labels(label).inc(amount)
    Gauge("temperature", "Degrees.", registry=registry).set(amount)
    Histogram("latency_seconds", "Latency.", buckets=(1, 2), registry=registry).observe(amount)
    return generate_latest(registry).decode()


def test_every_sample_comes_through_with_its_service() -> None:
    one, other = measured(1.5), measured(3)
    merged = merge({"hub": one, "session": other})
    expected = [
        (name, labels | {("service", service)}, value)
        for service, text in (("hub", one), ("session", other))
        for name, labels, value in samples(text)
    ]
    assert samples(merged.text) == sorted(expected, key=by_name)
    assert merged.rejected == {}
    names = [family.name for family in text_string_to_metric_families(merged.text)]
    assert len(names) == len(set(names))
    kinds = {family.name: family.type for family in text_string_to_metric_families(merged.text)}
    assert (kinds["requests"], kinds["latency_seconds"]) == ("counter", "histogram")


def test_a_service_label_of_the_sample_is_kept_beside_ours_but_our_own_samples_speak_for_themselves() -> None:
    merged = merge({"gateway": 'x{service="other"} 1\n'}, own='mesh_service_up{service="hub"} 1\n')
    assert samples(merged.text) == [
        ("mesh_service_up", frozenset({("service", "hub")}), 1.0),
        ("x", frozenset({("service", "gateway"), ("exported_service", "other")}), 1.0),
    ]


def test_what_does_not_fit_is_left_out_and_counted() -> None:
    good = "# TYPE x gauge\nx 1\n"
    bad = '# TYPE x counter\nx 2\n<html>\ny{a=b} 1\nz{a="1" 3\nw one\nv 1_0\nu 4 1700000000000\n'
    merged = merge({"a": good, "b": bad})
    assert [sample[0] for sample in samples(merged.text)] == ["u", "x"]
    assert merged.rejected == {"b": 6}


def test_special_values_and_escapes_survive() -> None:
    text = 'a{path="C:\\\\x\\"\\n,}"} +Inf\nb NaN\nc{} -1.5e-3\n'
    merged = merge({'s"1': text})
    found = {name: (dict(labels), value) for name, labels, value in samples(merged.text)}
    assert found["a"] == ({"path": 'C:\\x"\n,}', "service": 's"1'}, float("inf"))
    assert found["b"][1] != found["b"][1]
    assert found["c"][1] == -0.0015


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.tuples(st.floats(0, 1e6), names), min_size=1))
def test_any_label_value_survives(given_by_service: dict[str, tuple[float, str]]) -> None:
    scrapes = {service: measured(amount, label) for service, (amount, label) in given_by_service.items()}
    merged = merge(scrapes)
    assert merged.rejected == {}
    found = {
        (dict(labels)["service"], dict(labels)["method"]): value
        for name, labels, value in samples(merged.text)
        if name == "requests_total"
    }
    assert found == {(service, label): amount for service, (amount, label) in given_by_service.items()}


@given(st.text(max_size=200))
def test_garbage_never_spoils_the_whole(garbage: str) -> None:
    merged = merge({"good": measured(1), "bad": garbage})
    assert ("temperature", frozenset({("service", "good")}), 1.0) in samples(merged.text)
