"""The rim of Telegram: updates in, messages out, with python-telegram-bot."""
