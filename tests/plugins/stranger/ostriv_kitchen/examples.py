examples = {"recipe": {"minutes": 40, "diet": "vegan", "ingredients": [{"name": "гарбуз", "amount": "1 кг"}]}}
