"""Five more tables for labelled questions that were written before the reading was deepened: none of it was tuned on them."""

import numpy as np
import pandas as pd

from .asked_tables import AskedTable, described_table

MEANING = {
    "bikes": "date:date bike_model:category bike_category:category frame_material:category weight_kg:intensive "
    "is_electric:boolean price:intensive quantity_sold:count extended_sales:measure",
    "music": "invoice_id:identifier invoice_date:date customer_name:category country:geo support_rep:category "
    "genre:category artist:category unit_price:intensive quantity:count line_total:measure",
    "clinic": "visit_id:identifier patient_id:identifier admitted_on:date discharged_on:date department:category "
    "doctor:category sex:category age:intensive height_cm:intensive weight_kg:intensive insurance:category "
    "cost:measure readmitted:boolean",
    "parcels": "주문번호:identifier 주문일:date 도착일:date 지역:geo 가게명:category 상품분류:category "
    "결제수단:category 주문금액:measure 배달비:measure 평점:intensive",
    "customers": "customer_id:identifier name:category city:geo joined_on:date grade:category",
    "orders": "order_id:identifier customer_id:identifier ordered_on:date category:category amount:measure",
    "joined": "order_id:identifier customer_id:identifier ordered_on:date category:category amount:measure "
    "name:category city:geo joined_on:date grade:category",
}


def second_tables() -> dict[str, list[AskedTable]]:
    """By the name of a set, the table that its questions are asked of, and the tables that it was joined from."""
    customers, orders = _store()
    frames = {
        "bikes": _bikes(),
        "music": _music(),
        "clinic": _clinic(),
        "parcels": _parcels(),
        "customers": customers,
        "orders": orders,
        "joined": orders.merge(customers, on="customer_id"),
    }
    tables = {name: described_table(name, frame, MEANING[name]) for name, frame in frames.items()}
    alone = {name: [tables[name]] for name in ("bikes", "music", "clinic", "parcels")}
    return {**alone, "store": [tables[name] for name in ("joined", "orders", "customers")]}


def _bikes() -> pd.DataFrame:
    rng = np.random.default_rng(41)
    models = [
        ("Commuter Swift", "Commuter", "Aluminum", 11.8, 0, 495),
        ("Urban Rider", "Commuter", "Aluminum", 12.6, 0, 350),
        ("City Glide", "Commuter", "Steel", 15.9, 1, 1250),
        ("Trail Blazer", "Mountain", "Aluminum", 14.2, 0, 1200),
        ("Rock Hopper", "Mountain", "Carbon", 12.1, 0, 2900),
        ("Peak Volt", "Mountain", "Aluminum", 22.4, 1, 3800),
        ("Carbon Storm", "Road", "Carbon", 7.9, 0, 5000),
        ("Steel Classic", "Road", "Steel", 10.4, 0, 900),
    ]
    days = pd.date_range("2021-01-01", "2023-12-31")
    specs = pd.DataFrame(
        models,
        columns=["bike_model", "bike_category", "frame_material", "weight_kg", "is_electric", "list_price"],
    )
    frame = specs.merge(pd.DataFrame({"date": days}), how="cross").sort_values("date", kind="stable")
    frame["price"] = (frame["list_price"] * rng.choice([0.9, 1.0, 1.1], len(frame))).round().astype(int)
    frame["quantity_sold"] = rng.integers(1, 25, len(frame))
    frame["extended_sales"] = frame["price"] * frame["quantity_sold"]
    return frame.reset_index(drop=True)


def _music() -> pd.DataFrame:
    rng, customers, invoices = np.random.default_rng(42), 60, 160
    people = pd.DataFrame(
        {
            "customer_name": [f"Customer {n:02d}" for n in range(1, customers + 1)],
            "country": rng.choice(["USA", "Canada", "Brazil", "France", "Germany"], customers),
            "support_rep": rng.choice(["Jane Peacock", "Margaret Park", "Steve Johnson"], customers),
        }
    )
    orders = pd.DataFrame(
        {
            "invoice_id": np.arange(1, invoices + 1),
            "invoice_date": pd.Timestamp("2021-01-01")
            + pd.to_timedelta(np.sort(rng.integers(0, 1400, invoices)), "D"),
            "customer_name": rng.choice(people["customer_name"], invoices),
        }
    )
    lines = orders.loc[orders.index.repeat(rng.integers(1, 9, invoices))].reset_index(drop=True)
    genres = ["Rock", "Jazz", "Blues", "Classical", "Metal"]
    lines["genre"] = rng.choice(genres, len(lines), p=[0.35, 0.2, 0.15, 0.1, 0.2])
    lines["artist"] = lines["genre"] + " " + pd.Series(rng.choice(["Band", "Trio", "Ensemble"], len(lines)))
    lines["unit_price"] = rng.choice([0.99, 1.29, 1.99], len(lines))
    lines["quantity"] = rng.integers(1, 4, len(lines))
    lines["line_total"] = (lines["unit_price"] * lines["quantity"]).round(2)
    return lines.merge(people, on="customer_name")


def _clinic() -> pd.DataFrame:
    rng, patients, visits = np.random.default_rng(43), 220, 700
    people = pd.DataFrame(
        {
            "patient_id": np.arange(5001, 5001 + patients),
            "sex": rng.choice(["Male", "Female"], patients),
            "age": rng.integers(3, 95, patients),
            "height_cm": rng.integers(120, 196, patients),
            "weight_kg": rng.uniform(30, 118, patients).round(1),
        }
    )
    frame = pd.DataFrame(
        {
            "visit_id": np.arange(1, visits + 1),
            "patient_id": rng.choice(people["patient_id"], visits),
            "admitted_on": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 720, visits), "D"),
            "department": rng.choice(["Cardiology", "Orthopedics", "Pediatrics", "Neurology"], visits),
            "doctor": rng.choice(["Dr. Kim", "Dr. Lee", "Dr. Park", "Dr. Choi", "Dr. Han"], visits),
            "insurance": rng.choice(["Public", "Private", "Self-pay"], visits, p=[0.6, 0.3, 0.1]),
            "cost": rng.uniform(80, 9000, visits).round(2),
            "readmitted": rng.choice(["Yes", "No"], visits, p=[0.15, 0.85]),
        }
    )
    frame["discharged_on"] = frame["admitted_on"] + pd.to_timedelta(rng.integers(0, 15, visits), "D")
    return frame.merge(people, on="patient_id")


def _parcels() -> pd.DataFrame:
    rng, n = np.random.default_rng(44), 900
    frame = pd.DataFrame(
        {
            "주문번호": np.arange(20001, 20001 + n),
            "주문일": pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 730, n), "D"),
            "지역": rng.choice(["강남구", "서초구", "마포구", "송파구"], n),
            "가게명": rng.choice([f"{name}상회" for name in "가나다라마바사아"], n),
            "상품분류": rng.choice(["과일", "채소", "정육", "수산"], n),
            "결제수단": rng.choice(["카드", "계좌이체", "현금"], n, p=[0.6, 0.3, 0.1]),
            "주문금액": rng.integers(8, 120, n) * 1000,
            "배달비": rng.integers(4, 12, n) * 500,
            "평점": rng.integers(2, 11, n) / 2,
        }
    )
    frame["도착일"] = frame["주문일"] + pd.to_timedelta(rng.integers(0, 7, n), "D")
    return frame


def _store() -> tuple[pd.DataFrame, pd.DataFrame]:
    rng, people, n = np.random.default_rng(45), 120, 500
    customers = pd.DataFrame(
        {
            "customer_id": np.arange(1, people + 1),
            "name": [f"고객{i:03d}" for i in range(1, people + 1)],
            "city": rng.choice(["서울", "부산", "대구"], people, p=[0.5, 0.3, 0.2]),
            "joined_on": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 730, people), "D"),
            "grade": rng.choice(["Gold", "Silver", "Basic"], people, p=[0.2, 0.3, 0.5]),
        }
    )
    orders = pd.DataFrame(
        {
            "order_id": np.arange(9001, 9001 + n),
            "customer_id": rng.integers(1, 101, n),
            "ordered_on": pd.Timestamp("2023-06-01") + pd.to_timedelta(rng.integers(0, 560, n), "D"),
            "category": rng.choice(["Book", "Toy", "Food"], n),
            "amount": rng.uniform(5, 400, n).round(2),
        }
    )
    return customers, orders
