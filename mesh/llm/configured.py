"""The language model that the settings name, for whoever may ask one."""

from mesh.settings import MeshSettings

from .model import LanguageModel


def configured_model(settings: MeshSettings) -> LanguageModel | None:
    """The model behind OPENAI_API_KEY; None without a key. The client is only imported when there is one."""
    if settings.openai_api_key is None:
        return None
    from .openai_chat import OpenAiChat

    return OpenAiChat(
        settings.openai_api_key.get_secret_value(), settings.openai_base_url, settings.llm_model
    )
