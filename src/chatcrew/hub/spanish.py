"""What the bot says in Spanish when nobody wrote words for it, by the keys of ``texts``."""

from collections.abc import Mapping

SPANISH: Mapping[str, str] = {
    "handoff": "¡Claro! Voy a pasar la conversación a una persona del equipo, "
    "que continúa por aquí en cuanto pueda.",
    "handoff_no_answer": "Eso no lo sé responder con seguridad. "
    "Voy a llamar a una persona del equipo para continuar por aquí.",
    "handoff_returned": "Disculpe la demora: nadie del equipo pudo responder todavía. "
    "Mientras tanto sigo por aquí y ayudo en lo que pueda.",
    "handoff_noted": "¡Anotado! Se lo paso a una persona del equipo, que continúa por aquí.",
    "handoff_closed": "El equipo no está atendiendo ahora y vuelve {opens}: "
    "su mensaje queda guardado y alguien responde a partir de entonces.",
    "handoff_absent": "El equipo no está atendiendo ahora; "
    "su mensaje queda guardado hasta que vuelva.",
    "handoff_wait": "Suele tardar cerca de {likely} y casi siempre {at_most} como máximo.",
    "people_first": "¡Hola! Ya avisé al equipo: una persona le atiende por aquí.",
    "handoff_model_down": "No logré preparar la respuesta en este momento. "
    "Voy a llamar a una persona del equipo para continuar por aquí.",
    "handoff_late": "Estoy tardando más de lo debido y no quiero hacer esperar. "
    "Voy a llamar a una persona del equipo para continuar por aquí.",
    "handoff_content_filter": "No puedo ayudar con ese pedido por aquí. "
    "Voy a llamar a una persona del equipo para continuar.",
    "attachment_audio": "Recibí su audio, pero todavía no puedo escuchar audios. "
    "Voy a llamar a una persona del equipo para escucharlo y responder.",
    "attachment_image": "Recibí su imagen, pero todavía no puedo verla. "
    "Voy a llamar a una persona del equipo para mirarla y responder.",
    "attachment_file": "Recibí su archivo, pero todavía no puedo abrirlo. "
    "Voy a llamar a una persona del equipo para mirarlo y responder.",
    "attachment_down": "Recibí {what}, pero no pude abrirlo en este momento. "
    "Voy a llamar a una persona del equipo para mirarlo y responder.",
    "attachment_again": "Recibí {what}, pero no pude abrirlo. "
    "¿Puede enviarlo otra vez o escribir aquí lo que necesita?",
    "attachment_unclear": "Recibí {what}, pero no logré entender lo que dice. "
    "¿Puede enviarlo otra vez, más claro, o escribir aquí lo que necesita?",
    "attachment_too_big": "Recibí {what}, pero pasa del límite que puedo abrir ({limit}). "
    "¿Puede enviar uno más pequeño o escribir aquí lo que necesita?",
    "attachment_type": "Recibí {what}, pero no abro ese tipo de archivo. "
    "¿Puede enviarlo como foto, PDF o audio, o escribir aquí lo que necesita?",
    "attachment_video": "Recibí {what}, pero no puedo ver videos. "
    "¿Puede enviar una foto o un audio, o escribir aquí lo que muestra?",
    "attachment_partly": "Solo no pude abrir {what}. Si es importante, "
    "¿puede enviarlo otra vez o escribir aquí lo que dice?",
    "slot_invalid": "Mmm, no pude verificar {what}: tal vez falta o sobra un número.",
    "memory_consent": "¿Puedo guardar lo que me cuente (nombre, preferencias, pedidos) para "
    "atenderle mejor la próxima vez? Responda *acepto* o *no acepto*; puede cambiar de idea luego.",
    "memory_agreed": "De acuerdo, lo recordaré. ¡Gracias!",
    "memory_refused": "No hay problema: no voy a guardar nada sobre usted.",
    "unsupported": "No pude abrir ese mensaje por aquí. ¿Puede enviarlo de otra forma, "
    "por ejemplo en texto?",
    "parked": "Tuve un problema para responder y no quiero hacer esperar. "
    "Voy a llamar a una persona del equipo para continuar por aquí.",
}
