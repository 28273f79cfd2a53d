"""The demo newsroom: «Плавні», of the invented river town of Osokoriv, in three languages.

Everything in it is written and drawn for Ostriv. Texts are in ``data`` as an editor of the demo would want to find
them: articles in the import format of ``ostriv import``, the rest as JSON. Pictures are drawn by ``pictures``.
"""
